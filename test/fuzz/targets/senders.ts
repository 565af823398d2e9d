import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import {
  isSenderError,
  type PubSubMessage,
  parsePubSubPush,
  readCloudScheduler,
  readCloudTask,
  readPubSubPush,
  SenderError,
} from '@id-token-guard/senders';
import fc from 'fast-check';
import { UNWRAPPED } from '../../senders/fixtures.ts';
import { anyBodies, pushBodies, senderHeaders } from '../generators/pushes.ts';
import { isSameJson } from '../support/same-json.ts';
import { property, type Target } from '../target.ts';
import { brokenReaders } from './broken-readers.ts';

export interface Readers {
  readonly parsePush: typeof parsePubSubPush;
  readonly readPush: typeof readPubSubPush;
  readonly readTask: typeof readCloudTask;
  readonly readRun: typeof readCloudScheduler;
}

const sound: Readers = {
  parsePush: parsePubSubPush,
  readPush: readPubSubPush,
  readTask: readCloudTask,
  readRun: readCloudScheduler,
};

/** The names that an error may give: ours, none of the request's. */
const FIELD = /^(?:message(?:\.\w+)?|subscription|deliveryAttempt|x-[a-z-]+|content-length)$/;

type JsonObject = Readonly<Record<string, unknown>>;

/** What Pub/Sub itself has written into the headers. */
const WRITTEN = {
  id: UNWRAPPED['x-goog-pubsub-message-id'],
  wrapped: false,
  attributes: {},
  subscription: UNWRAPPED['x-goog-pubsub-subscription-name'],
};

export const senders: Target<Readers> = {
  name: 'senders',
  subject: sound,
  properties: [
    property({
      name: 'only SenderError, which tells nothing, for a push',
      values: fc.tuple(anyBodies, senderHeaders),
      async check({ parsePush }: Readers, [body, headers]) {
        const { value: message, code } = await readOr(() => parsePush({ headers, body }));
        assert(!Number.isNaN(message?.publishTime?.getTime()));
        const data = message && (await readOr(() => message.data.json()));
        return code ?? data?.code ?? 'push';
      },
      outcomes: ['push', 'field_invalid', 'data_not_base64', 'data_not_json', 'not_a_pubsub_push', 'body_not_json'],
      broken: {
        'throws what JSON.parse throws': { ...sound, ...brokenReaders.raw },
        'tells what is in the body': { ...sound, ...brokenReaders.tellingBody },
      },
    }),
    property({
      name: 'only SenderError, which tells nothing, for a task or a job',
      values: senderHeaders,
      async check({ readTask, readRun }: Readers, headers) {
        const [task, run] = [await readOr(() => readTask(headers)), await readOr(() => readRun(headers))];
        assert(![task.value?.eta, run.value?.scheduleTime].some((time) => Number.isNaN(time?.getTime())));
        return `${task.code ?? 'task'}, ${run.code ?? 'job'}`;
      },
      outcomes: ['task, job', 'field_missing, job', 'field_invalid, job', 'task, field_missing', 'task, field_invalid'],
      broken: {
        'tells the headers': { ...sound, ...brokenReaders.tellingHeaders },
        'takes any date': { ...sound, ...brokenReaders.anyDate },
      },
    }),
    property({
      name: 'reads what JSON.parse reads, however the body comes',
      values: pushBodies,
      async check({ parsePush, readPush }: Readers, bytes) {
        const text = Buffer.from(bytes).toString();
        const isText = Buffer.from(text).equals(bytes);
        // RFC 8259 §8.1 lets a reader ignore the mark, and this one does.
        const json = isText ? parsed(text.replace(/^\ufeff/, '')) : undefined;
        const request = new Request('https://api.example.com/push', { method: 'POST', body: Uint8Array.from(bytes) });
        const [fromBytes, fromRequest, fromJson] = [
          await readOr(() => parsePush({ headers: {}, body: bytes })),
          await readOr(() => readPush(request)),
          await readJson(parsePush, json),
        ];
        assert.deepEqual([fromRequest, fromBytes].map(plain), [fromJson, fromJson].map(plain));
        if ('value' in fromBytes && fromBytes.value !== undefined) {
          expectMessage(fromBytes.value, json as { message: JsonObject });
          return 'push';
        }
        return 'refused';
      },
      outcomes: ['push', 'refused'],
      broken: {
        'takes any base64': { ...sound, ...brokenReaders.lenient },
        'takes what is not UTF-8': { ...sound, ...brokenReaders.replacing },
      },
    }),
    property({
      name: 'takes an unwrapped body for nothing but data',
      values: pushBodies,
      async check({ parsePush }: Readers, body) {
        const message = parsePush({ headers: UNWRAPPED, body });
        assert(Buffer.from(message.data.bytes).equals(body));
        const { id, wrapped, attributes, subscription } = message;
        assert.deepEqual({ id, wrapped, attributes: { ...attributes }, subscription }, WRITTEN);
        return 'push';
      },
      outcomes: ['push'],
      broken: { 'looks at the body first': { ...sound, ...brokenReaders.bodyFirst } },
    }),
  ],
};

/** A value, or the code of a SenderError. */
interface Read<T> {
  readonly value?: T;
  readonly code?: string;
}

async function readOr<T>(read: () => T | Promise<T>): Promise<Read<T>> {
  try {
    return { value: await read() };
  } catch (error) {
    assert(isSenderError(error), `Not a SenderError: ${inspect(error)}`);
    const { code, field, message } = error;
    const { message: expected, status } = new SenderError(code);
    assert.deepEqual(
      { message, status: error.status, cause: error.cause },
      { message: expected, status, cause: undefined },
    );
    assert(field === undefined || FIELD.test(field), field);
    return { code };
  }
}

/** What a body parser would hand over. A text is not JSON any more, but a body; no text is a push. */
async function readJson(parsePush: typeof parsePubSubPush, json: unknown): Promise<Read<PubSubMessage>> {
  if (json === undefined || typeof json === 'string') {
    return { code: json === undefined ? 'body_not_json' : 'not_a_pubsub_push' };
  }
  return readOr(() => parsePush({ headers: {}, body: json }));
}

function plain({ value, code }: Read<PubSubMessage>): unknown {
  return code ?? { ...value, data: Buffer.from(value?.data.bytes ?? []).toString('hex') };
}

/** What the JSON says. Where it says something twice, it says the same twice. */
function expectMessage({ id, data, attributes, publishTime }: PubSubMessage, body: { message: JsonObject }): void {
  const { message } = body;
  for (const [name, otherName] of [
    ['messageId', 'message_id'],
    ['publishTime', 'publish_time'],
  ] as const) {
    assert(new Set([message[name] ?? message[otherName], message[otherName] ?? message[name]]).size === 1);
  }
  assert.equal(id, message['messageId'] ?? message['message_id']);
  assert.equal(Buffer.from(data.bytes).toString('base64'), message['data'] ?? '');
  assert(isSameJson(attributes, message['attributes'] ?? {}));
  expectTime(publishTime, message['publishTime'] ?? message['publish_time']);
}

/** A time becomes the text again that it was: no day that does not exist becomes the next one. */
function expectTime(time: Date | undefined, text: unknown): void {
  if (time === undefined) {
    assert.equal(text ?? '', '');
    return;
  }
  const [, sign = '', hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(`${text}`) ?? [];
  const offset = Number(`${sign}1`) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
  const there = new Date(time.getTime() + (sign === '' ? 0 : offset)).toISOString();
  assert.equal(there.slice(0, 19), `${text}`.slice(0, 19).toUpperCase());
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
