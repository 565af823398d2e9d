import { inspect } from 'node:util';
import {
  isSenderError,
  PUBSUB_ACK_STATUSES,
  parsePubSubPush,
  readCloudTask,
  SenderError,
  type SenderErrorCode,
} from '@id-token-guard/senders';
import { describe, expect, test } from 'vitest';
import { base64, errorOf, push, UNWRAPPED } from './fixtures.ts';

/** What must not be found in any error. */
const CANARY = 'canary-5f0c9a7e';

/** One refused reading per code, with the canary wherever the code leaves room for it. */
const REFUSED: Readonly<Record<SenderErrorCode, { status: number; read: () => unknown }>> = {
  body_too_large: { status: 413, read: () => parse(CANARY.repeat(1_000_000)) },
  body_unavailable: { status: 500, read: () => parse({ [CANARY]: CANARY }, UNWRAPPED) },
  body_not_json: { status: 400, read: () => parse(`{"message":${CANARY}`) },
  not_a_pubsub_push: { status: 400, read: () => parse({ [CANARY]: CANARY, message: CANARY }) },
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
