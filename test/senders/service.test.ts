import { once } from 'node:events';
import { createServer, type RequestListener, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { type GoogleIdTokenVerifierOptions, serviceAccount } from '@id-token-guard/core';
import { requireGoogleIdToken as expressGuard } from '@id-token-guard/express';
import { requireGoogleIdToken as fetchGuard } from '@id-token-guard/fetch';
import {
  isSenderError,
  type PubSubMessage,
  parsePubSubPush,
  readCloudScheduler,
  readCloudTask,
  readPubSubPush,
} from '@id-token-guard/senders';
import { createFakeGoogle } from '@id-token-guard/testing';
import express, { type ErrorRequestHandler } from 'express';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { base64, PUSH, push, UNWRAPPED } from './fixtures.ts';

const google = await createFakeGoogle();
const options: GoogleIdTokenVerifierOptions = {
  audience: 'https://api.example.com/push',
  callers: serviceAccount('push@my-project.iam.gserviceaccount.com'),
  keys: google.keySet(),
};
const token = await google.idToken({
  aud: 'https://api.example.com/push',
  email: 'push@my-project.iam.gserviceaccount.com',
  email_verified: true,
});

/** What the services do with a message that they could read. */
const handled = vi.fn<(message: PubSubMessage) => void>();
afterEach(() => handled.mockReset());

/** Any runtime with Web requests. */
const webService = fetchGuard(options)(async (request) => {
  try {
    handled(await readPubSubPush(request));
    return new Response(null, { status: 204 });
  } catch (error) {
    if (!isSenderError(error)) {
      throw error;
    }
    return Response.json({ code: error.code, field: error.field }, { status: error.status });
  }
});

/** Express with the two body parsers that fit. */
function expressService(): RequestListener {
  const app = express();
  app.use(expressGuard(options));
  app.use(express.json({ limit: '20mb' }), express.raw({ type: () => true, limit: '20mb' }));
  app.post('/push', (req, res) => {
    handled(parsePubSubPush({ headers: req.headersDistinct, body: req.body }));
    res.status(204).end();
  });
  app.post('/task', (req, res) => {
    res.json(readCloudTask(req.headersDistinct));
  });
  app.post('/job', (req, res) => {
    res.json(readCloudScheduler(req.headersDistinct));
  });
  const onError: ErrorRequestHandler = (error, _req, res, next) =>
    isSenderError(error) ? res.status(error.status).json({ code: error.code, field: error.field }) : next(error);
  app.use(onError);
  return app;
}

interface Sent {
  readonly path?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string | Uint8Array;
}

let base: string;

/** Sends a request as a server of Google would, with a good token. */
async function send({ path = '/push', headers = {}, body }: Sent): Promise<{ status: number; body: unknown }> {
  const sent = request(`${base}${path}`, { method: 'POST', headers: { authorization: `Bearer ${token}`, ...headers } });
  sent.end(body);
  // A refusal may come before the whole body is sent, and the server may then close on the rest of it.
  sent.on('error', () => {});
  const [answer] = await once(sent, 'response');
  const text = (await answer.toArray()).join('');
  return { status: answer.statusCode, body: text === '' ? undefined : JSON.parse(text) };
}

function listening(server: Server): void {
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
}

const json = { 'content-type': 'application/json' };
const bytes = { 'content-type': 'application/octet-stream' };

describe.each([
  ['a fetch handler', () => createAdaptorServer({ fetch: webService }) as Server],
  ['Express with body parsers', () => createServer(expressService())],
])('behind the guard, in %s,', (_, create) => {
  listening(create());

  test('a wrapped push is handled and acknowledged', async () => {
    const answer = await send({ headers: json, body: JSON.stringify(PUSH) });

    expect(answer).toStrictEqual({ status: 204, body: undefined });
    expect(handled).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ id: '2070443601311540', deliveryAttempt: 5, wrapped: true }),
    );
    expect(handled.mock.lastCall?.[0].data.json()).toStrictEqual({ apples: 3 });
  });

  test('an unwrapped push is handled and acknowledged', async () => {
    const answer = await send({ headers: { ...bytes, ...UNWRAPPED }, body: Uint8Array.of(0, 255) });

    expect(answer).toStrictEqual({ status: 204, body: undefined });
    expect(handled).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ id: '2070443601311540', orderingKey: 'customer-42', wrapped: false }),
    );
    expect([...(handled.mock.lastCall?.[0].data.bytes ?? [])]).toStrictEqual([0, 255]);
  });

  test('an unwrapped push without data is handled and acknowledged', async () => {
    const answer = await send({ headers: { ...bytes, ...UNWRAPPED, 'content-length': '0' } });

    expect(answer.status).toBe(204);
    expect(handled.mock.lastCall?.[0].data.text()).toBe('');
  });

  test.each<[number, string, string | undefined, string, Sent]>([
    [400, 'body_not_json', undefined, 'no JSON', { headers: bytes, body: 'three apples' }],
    [400, 'not_a_pubsub_push', undefined, 'another JSON', { headers: json, body: '{"apples":3}' }],
    [
      400,
      'field_missing',
      'message.messageId',
      'no id',
      { headers: json, body: JSON.stringify(push({ data: 'QQ==' })) },
    ],
    [
      400,
      'data_not_base64',
      'message.data',
      'data that is not base64',
      { headers: json, body: JSON.stringify(push({ messageId: '42', data: 'three apples' })) },
    ],
    [
      400,
      'field_invalid',
      'x-goog-pubsub-message-id',
      'two ids in headers',
      { headers: { ...bytes, ...UNWRAPPED, 'x-goog-pubsub-message-id': ['42', '43'] }, body: 'x' },
    ],
  ])(
    'is answered with %i %s %s, handled not and acknowledged not: a push with %s',
    async (status, code, field, _, sent) => {
      const answer = await send(sent);

      expect(answer).toStrictEqual({ status, body: field === undefined ? { code } : { code, field } });
      expect(handled).not.toHaveBeenCalled();
    },
  );

  test('a push of 11 MB is answered with 413, handled not and acknowledged not', async () => {
    const body = JSON.stringify(push({ messageId: '42', data: base64(new Uint8Array(8_250_000)) }));

    const answer = await send({ headers: json, body });

    expect(answer).toMatchObject({ status: 413, body: { code: 'body_too_large' } });
    expect(handled).not.toHaveBeenCalled();
  });

  test('nothing is read without a token', async () => {
    const answer = await send({ headers: { ...json, authorization: '' }, body: JSON.stringify(PUSH) });

    expect(answer).toMatchObject({ status: 401, body: { code: 'token_missing' } });
    expect(handled).not.toHaveBeenCalled();
  });
});

describe('behind the guard, in Express,', () => {
  listening(createServer(expressService()));

  test('an unwrapped push that a JSON parser took is the fault of the service, and not acknowledged', async () => {
    const answer = await send({ headers: { ...json, ...UNWRAPPED }, body: '{"apples":3}' });

    expect(answer).toStrictEqual({ status: 500, body: { code: 'body_unavailable' } });
    expect(handled).not.toHaveBeenCalled();
  });

  test("a task's headers are read", async () => {
    const headers = {
      'X-CloudTasks-QueueName': 'invoices',
      'X-CloudTasks-TaskName': '42',
      'X-CloudTasks-TaskRetryCount': '1',
      'X-CloudTasks-TaskExecutionCount': '1',
      'X-CloudTasks-TaskETA': '1721236265.266817',
      'X-CloudTasks-TaskPreviousResponse': '503',
      'X-CloudTasks-TaskRetryReason': '',
    };

    expect(await send({ path: '/task', headers })).toStrictEqual({
      status: 200,
      body: {
        queueName: 'invoices',
        taskName: '42',
        retryCount: 1,
        executionCount: 1,
        eta: '2024-07-17T17:11:05.266Z',
        previousResponse: 503,
      },
    });
    expect(await send({ path: '/task', headers: { ...headers, 'X-CloudTasks-TaskName': ['42', '43'] } })).toStrictEqual(
      {
        status: 400,
        body: { code: 'field_invalid', field: 'x-cloudtasks-taskname' },
      },
    );
  });

  test("a job's headers are read", async () => {
    const headers = {
      'X-CloudScheduler': 'true',
      'X-CloudScheduler-JobName': 'nightly-report',
      'X-CloudScheduler-ScheduleTime': '2026-10-05T01:41:00-07:00',
    };

    expect(await send({ path: '/job', headers })).toStrictEqual({
      status: 200,
      body: { jobName: 'nightly-report', scheduleTime: '2026-10-05T08:41:00.000Z' },
    });
    expect(await send({ path: '/job' })).toStrictEqual({
      status: 400,
      body: { code: 'field_missing', field: 'x-cloudscheduler-jobname' },
    });
  });
});
