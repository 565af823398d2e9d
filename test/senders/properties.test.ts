import { anyCaller, createGoogleIdTokenVerifier, isGoogleIdTokenError, staticKeySet } from '@id-token-guard/core';
import {
  isSenderError,
  type PubSubMessage,
  parsePubSubPush,
  parseWorkspaceAddOnEvent,
  readCloudScheduler,
  readCloudTask,
  readPubSubPush,
} from '@id-token-guard/senders';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { base64, PUSH, push, UNWRAPPED } from './fixtures.ts';

/** JSON near a push: the right names, sometimes with wrong values. */
const nearlyPush = fc.record(
  {
    message: fc.oneof(
      fc.jsonValue(),
      fc.record(
        {
          messageId: fc.oneof(fc.constant('42'), fc.jsonValue()),
          message_id: fc.oneof(fc.constant('42'), fc.jsonValue()),
          publishTime: fc.oneof(fc.date({ noInvalidDate: true }).map(String), fc.string(), fc.jsonValue()),
          publish_time: fc.oneof(fc.string(), fc.jsonValue()),
          data: fc.oneof(fc.base64String(), fc.string(), fc.jsonValue()),
          attributes: fc.oneof(fc.dictionary(fc.string(), fc.string()), fc.jsonValue()),
          orderingKey: fc.oneof(fc.string(), fc.jsonValue()),
        },
        { requiredKeys: [] },
      ),
    ),
    subscription: fc.oneof(fc.string(), fc.jsonValue()),
    deliveryAttempt: fc.oneof(fc.double(), fc.string(), fc.jsonValue()),
  },
  { requiredKeys: [] },
);

const anyBody = fc.oneof(
  fc.jsonValue(),
  fc.json(),
  fc.string(),
  fc.uint8Array(),
  nearlyPush,
  nearlyPush.map((value) => JSON.stringify(value)),
  fc.anything(),
);

const anyHeaders = fc.dictionary(
  fc.oneof(
    fc.string(),
    fc.constantFrom(
      ...Object.keys(UNWRAPPED),
      'content-length',
      'get',
      '__proto__',
      'x-cloudtasks-queuename',
      'x-cloudtasks-taskname',
      'x-cloudtasks-taskretrycount',
      'x-cloudtasks-taskexecutioncount',
      'x-cloudtasks-tasketa',
      'x-cloudtasks-taskpreviousresponse',
      'x-cloudscheduler-jobname',
      'x-cloudscheduler-scheduletime',
    ),
  ),
  fc.option(fc.oneof(fc.string(), fc.nat().map(String), fc.array(fc.string())), { nil: undefined }),
);

/** Runs a reader; passes where it returns, or throws the error that it says it throws. */
async function reads<T>(read: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    expect(error).toSatisfy(isSenderError);
    return undefined;
  }
}

/** Reads all there is to read in a message. */
async function readsAll(read: () => PubSubMessage | Promise<PubSubMessage>): Promise<void> {
  const message = await reads(read);
  if (message !== undefined) {
    await reads(() => message.data.text());
    await reads(() => message.data.json());
    expect(message.id).not.toBe('');
    expect(message.publishTime?.getTime()).not.toBeNaN();
    expect(Object.values(message.attributes)).toSatisfy((values: unknown[]) =>
      values.every((value) => typeof value === 'string'),
    );
  }
}

describe('nothing but a SenderError is ever thrown', () => {
  test('for any body and headers', async () => {
    await fc.assert(
      fc.asyncProperty(anyBody, anyHeaders, (body, headers) => readsAll(() => parsePubSubPush({ headers, body }))),
      { numRuns: 1000 },
    );
  });

  test('for any body of a Web request', async () => {
    const body = fc.oneof(
      fc.uint8Array(),
      fc.json(),
      nearlyPush.map((value) => JSON.stringify(value)),
    );
    await fc.assert(
      fc.asyncProperty(body, fc.boolean(), (body, unwrapped) => {
        const headers = unwrapped ? UNWRAPPED : {};
        const request = new Request('https://api.example.com/push', {
          method: 'POST',
          headers,
          body: body as BodyInit,
        });
        return readsAll(() => readPubSubPush(request));
      }),
    );
  });

  test('for any headers of a task or a job', async () => {
    await fc.assert(
      fc.asyncProperty(anyHeaders, async (headers) => {
        const task = await reads(() => readCloudTask(headers));
        const run = await reads(() => readCloudScheduler(headers));
        expect(task?.eta.getTime()).not.toBeNaN();
        expect(run?.scheduleTime?.getTime()).not.toBeNaN();
      }),
      { numRuns: 1000 },
    );
  });
});

test('an event of an add-on that Google has not signed is never read, whatever it looks like', async () => {
  const verifier = createGoogleIdTokenVerifier({
    audience: 'https://addon.example.com',
    callers: anyCaller,
    keys: staticKeySet({ keys: [] }),
  });
  const nearlyEvent = fc.record(
    {
      authorizationEventObject: fc.oneof(
        fc.jsonValue(),
        fc.record({ systemIdToken: fc.oneof(fc.string(), fc.jsonValue()), userIdToken: fc.jsonValue() }),
      ),
      commonEventObject: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  const body = fc.oneof(
    anyBody,
    nearlyEvent,
    nearlyEvent.map((value) => JSON.stringify(value)),
  );
  await fc.assert(
    fc.asyncProperty(body, fc.boolean(), async (body, withUser) => {
      const options = { system: verifier, ...(withUser && { user: verifier }) };

      const outcome = await parseWorkspaceAddOnEvent(body, options).catch((error) => error);

      expect(outcome).toSatisfy((error) => isSenderError(error) || isGoogleIdTokenError(error));
    }),
    { numRuns: 1000 },
  );
});

test('what Pub/Sub wraps comes out as it was published', () => {
  const attributes = fc.dictionary(fc.string({ minLength: 1 }), fc.string());
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 500 }),
      attributes,
      fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z') }),
      (bytes, attributes, publishTime) => {
        const body = JSON.stringify({
          ...PUSH,
          message: { messageId: '42', data: base64(bytes), attributes, publishTime: publishTime.toISOString() },
        });

        const message = parsePubSubPush({ headers: {}, body });

        expect(Buffer.from(message.data.bytes).equals(bytes)).toBe(true);
        expect(Object.entries(message.attributes)).toStrictEqual(Object.entries(attributes));
        expect(message.publishTime).toStrictEqual(publishTime);
      },
    ),
  );
});

test('only the one base64 spelling of some bytes is taken', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.base64String(), fc.string({ unit: fc.constantFrom('A', 'Q', 'R', '=', '/', '-', '\n') })),
      (data) => {
        const canonical = base64(Buffer.from(data, 'base64')) === data;
        let read = true;
        try {
          parsePubSubPush({ headers: {}, body: push({ messageId: '42', data }) });
        } catch (error) {
          expect(error).toMatchObject({ code: 'data_not_base64' });
          read = false;
        }
        expect(read).toBe(canonical);
      },
    ),
    { numRuns: 1000 },
  );
});
