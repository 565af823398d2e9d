import { inspect } from 'node:util';
import { anyCaller, createGoogleIdTokenVerifier, staticKeySet } from '@id-token-guard/core';
import {
  isSenderError,
  PUBSUB_ACK_STATUSES,
  parsePubSubPush,
  parseWorkspaceAddOnEvent,
  readCloudScheduler,
  readCloudTask,
  SenderError,
  type SenderErrorCode,
} from '@id-token-guard/senders';
import { describe, expect, test } from 'vitest';
import { base64, errorOf, push, UNWRAPPED } from './fixtures.ts';

const system = createGoogleIdTokenVerifier({ audience: 'x', callers: anyCaller, keys: staticKeySet({ keys: [] }) });

/** What must not be found in any error. */
const CANARY = 'canary-5f0c9a7e';

/** One refused reading per code, with the canary wherever the code leaves room for it. */
const REFUSED: Readonly<Record<SenderErrorCode, { status: number; read: () => unknown }>> = {
  body_too_large: { status: 413, read: () => parse(CANARY.repeat(1_000_000)) },
  body_unavailable: { status: 500, read: () => parse({ [CANARY]: CANARY }, UNWRAPPED) },
  body_not_json: { status: 400, read: () => parse(`{"message":${CANARY}`) },
  not_a_pubsub_push: { status: 400, read: () => parse({ [CANARY]: CANARY, message: CANARY }) },
  not_an_add_on_event: { status: 400, read: () => parseWorkspaceAddOnEvent({ [CANARY]: CANARY }, { system }) },
  field_missing: { status: 400, read: () => parse(push({ [CANARY]: CANARY })) },
  field_invalid: { status: 400, read: () => parse(push({ messageId: '42', attributes: { [CANARY]: [CANARY] } })) },
  data_not_base64: { status: 400, read: () => parse(push({ messageId: '42', data: CANARY })) },
  data_not_utf8: { status: 400, read: () => data(`${CANARY}\xff`).text() },
  data_not_json: { status: 400, read: () => data(CANARY).json() },
};

function parse(body: unknown, headers: Record<string, string> = {}) {
  return parsePubSubPush({ headers: { ...headers, [CANARY]: CANARY }, body });
}

function data(latin1: string) {
  return parse(push({ messageId: '42', data: base64(Buffer.from(latin1, 'latin1')) })).data;
}

describe.each(Object.entries(REFUSED))('the error %s', (code, { status, read }) => {
  test('has its status, which acknowledges nothing to any sender', async () => {
    const error = await errorOf(read);

    expect(error).toBeInstanceOf(SenderError);
    expect(error).toMatchObject({ name: 'SenderError', code, status });
    expect(PUBSUB_ACK_STATUSES).not.toContain(error.status);
    expect(error.status).toBeGreaterThanOrEqual(400);
  });

  test('says nothing of the request', async () => {
    const error = await errorOf(read);

    expect(error.cause).toBeUndefined();
    expect(error.message).toMatch(/^The body |^A field |^The data |^The bytes /);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(CANARY);
  });
});

test('an error of a header names the header and not its value', async () => {
  const error = await errorOf(() => readCloudTask({ 'x-cloudtasks-queuename': `${CANARY}, ${CANARY}` }));

  expect(error).toMatchObject({ code: 'field_invalid', field: 'x-cloudtasks-queuename' });
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(CANARY);
});

describe('the hint of an error names the field, the shape of its value, and what is expected:', () => {
  const task = {
    'x-cloudtasks-queuename': 'q',
    'x-cloudtasks-taskname': 't',
    'x-cloudtasks-taskretrycount': '0',
    'x-cloudtasks-taskexecutioncount': '0',
    'x-cloudtasks-tasketa': '1721236265.5',
  };
  const add = (headers: Record<string, string | string[]>) => readCloudTask({ ...task, ...headers });
  const message = (value: object) => parse(push({ messageId: '42', ...value }));

  test.each<[read: () => unknown, hint: string]>([
    [() => readCloudTask({}), 'x-cloudtasks-queuename is missing, expected one name, without a comma.'],
    [() => add({ 'x-cloudtasks-taskname': '' }), 'x-cloudtasks-taskname is empty, expected one name, without a comma.'],
    [
      () => add({ 'x-cloudtasks-taskname': ['a', 'b'] }),
      'x-cloudtasks-taskname is a list of 2, expected one name, without a comma.',
    ],
    [
      () => add({ 'x-cloudtasks-taskname': 'a, b' }),
      'x-cloudtasks-taskname is a text with a comma, 4 characters long, expected one name, without a comma.',
    ],
    [
      () => add({ 'x-cloudtasks-taskretrycount': 'x' }),
      'x-cloudtasks-taskretrycount is a text, 1 character long, expected a whole number from 0, at most 15 digits.',
    ],
    [
      () => add({ 'x-cloudtasks-tasketa': '1721236265266' }),
      "x-cloudtasks-tasketa is a text of 13 digits, expected seconds since 1970, at most 12 digits and a fraction. Firebase's Cloud Tasks emulator sends it so: let its tasks go through the forwarder of @id-token-guard/emulator, which sends them on as Cloud Tasks does.",
    ],
    [
      () => add({ 'x-cloudtasks-tasketa': '2026-11-30T15:33:54.388Z' }),
      "x-cloudtasks-tasketa is a text, 24 characters long, expected seconds since 1970, at most 12 digits and a fraction. Firebase's Cloud Tasks emulator sends it so",
    ],
    [
      () => readCloudScheduler({ 'x-cloudscheduler-jobname': 'j', 'x-cloudscheduler-scheduletime': 'now' }),
      'x-cloudscheduler-scheduletime is a text, 3 characters long, expected a time as in RFC 3339.',
    ],
    [() => parse(undefined), 'The body is undefined: express.json() leaves it so where the content type is missing'],
    [() => parse({}, UNWRAPPED), 'An unwrapped push needs the bytes of its body, as express.raw('],
    [() => parse(''), 'The body is empty: 0 bytes.'],
    [() => parse('{'), 'The body is no JSON: 1 bytes.'],
    [() => parse(new Uint8Array([255])), 'The body is not text in UTF-8: 1 bytes.'],
    [() => parse([1]), 'The body is a list of 1, expected an object.'],
    [() => parse({ message: null }), '"message" is missing, expected an object.'],
    [() => parse(push({})), 'message.messageId is missing or empty, expected a text.'],
    [() => message({ messageId: 42 }), 'message.messageId is a number, expected a text.'],
    [() => message({ message_id: '43' }), 'message.messageId contradicts its other spelling.'],
    [() => message({ attributes: [] }), 'message.attributes is a list of 0, expected an object of texts.'],
    [() => message({ publishTime: {} }), 'message.publishTime is an object, expected a time as in RFC 3339.'],
    [
      () => message({ data: 'x' }),
      'message.data is a text, 1 character long, expected base64 with padding (RFC 4648 §4).',
    ],
    [
      () => parse({ message: { messageId: '42' }, deliveryAttempt: '1.5' }),
      'deliveryAttempt is a text, 3 characters long, expected a whole number from 0, at most 15 digits.',
    ],
  ])('%#', async (read, hint) => {
    expect((await errorOf(read)).hint).toContain(hint);
  });
});

describe('isSenderError', () => {
  test('knows an error of another copy of the package', () => {
    const other = Object.assign(new Error('x'), { code: 'body_not_json', status: 400, field: undefined });
    Object.defineProperty(other, Symbol.for('id-token-guard.SenderError'), { value: true });

    expect(isSenderError(other)).toBe(true);
  });

  test.each([
    undefined,
    null,
    'body_not_json',
    new Error('x'),
    Object.assign(new Error('x'), { code: 'body_not_json', status: 400 }),
    { code: 'body_not_json', [Symbol.for('id-token-guard.SenderError')]: true },
  ])('does not take %s for one', (value) => {
    expect(isSenderError(value)).toBe(false);
  });
});

test('Pub/Sub takes five statuses for an acknowledgement', () => {
  expect(PUBSUB_ACK_STATUSES).toStrictEqual([102, 200, 201, 202, 204]);
  expect(Object.isFrozen(PUBSUB_ACK_STATUSES)).toBe(true);
});
