import { readCloudTask, type SenderErrorCode } from '@id-token-guard/senders';
import { describe, expect, test } from 'vitest';
import { errorOf } from './fixtures.ts';

/** The first attempt of a task. */
const FIRST = {
  'x-cloudtasks-queuename': 'invoices',
  'x-cloudtasks-taskname': '16520968670258952483',
  'x-cloudtasks-taskretrycount': '0',
  'x-cloudtasks-taskexecutioncount': '0',
  'x-cloudtasks-tasketa': '1721236265.266817',
};

/** The same task after the handler has answered 404. */
const SECOND = {
  ...FIRST,
  'x-cloudtasks-taskretrycount': '2',
  'x-cloudtasks-taskexecutioncount': '1',
  'x-cloudtasks-taskpreviousresponse': '404',
  'x-cloudtasks-taskretryreason': 'no luck, try again',
};

describe('a task', () => {
  test('that is tried for the first time', () => {
    expect(readCloudTask(FIRST)).toStrictEqual({
      queueName: 'invoices',
      taskName: '16520968670258952483',
      retryCount: 0,
      executionCount: 0,
      eta: new Date('2024-07-17T17:11:05.266Z'),
      previousResponse: undefined,
      retryReason: undefined,
    });
  });

  test.each([
    ['Web Headers', new Headers(SECOND)],
    ["Node's headers", SECOND],
    ["Node's headersDistinct", Object.fromEntries(Object.entries(SECOND).map(([name, value]) => [name, [value]]))],
    [
      'the lists of Lambda@Edge',
      Object.fromEntries(Object.entries(SECOND).map(([name, value]) => [name, [{ value }]])),
    ],
    [
      'names in any case',
      Object.fromEntries(Object.entries(SECOND).map(([name, value]) => [name.toUpperCase(), value])),
    ],
  ])('that is tried again, in %s', (_, headers) => {
    expect(readCloudTask(headers)).toMatchObject({
      retryCount: 2,
      executionCount: 1,
      previousResponse: 404,
      retryReason: 'no luck, try again',
    });
  });

  test('has no previous response where Cloud Tasks says 0, and no reason where it says nothing', () => {
    const headers = { ...SECOND, 'x-cloudtasks-taskpreviousresponse': '0', 'x-cloudtasks-taskretryreason': '' };

    expect(readCloudTask(headers)).toMatchObject({ previousResponse: undefined, retryReason: undefined });
  });

  test.each([
    ['0', '1970-01-01T00:00:00.000Z'],
    ['1721236265', '2024-07-17T17:11:05.000Z'],
    ['1721236265.2', '2024-07-17T17:11:05.200Z'],
    ['1721236265.266', '2024-07-17T17:11:05.266Z'],
    ['1721236265.2669999', '2024-07-17T17:11:05.266Z'],
  ])('that was to run at %s is of %s', (eta, expected) => {
    expect(readCloudTask({ ...FIRST, 'x-cloudtasks-tasketa': eta }).eta.toISOString()).toBe(expected);
  });
});

describe('refuses', () => {
  test.each(Object.keys(FIRST))('a request without %s', async (name) => {
    for (const value of [undefined, null, '', [], [null]]) {
      const error = await errorOf(() => readCloudTask({ ...FIRST, [name]: value }));

      expect(error).toMatchObject({ code: 'field_missing', status: 400, field: name });
    }
  });

  test.each([null, undefined])('a request with %s for headers, as in the test call of a gateway', async (headers) => {
    const error = await errorOf(() => readCloudTask(headers as never));

    expect(error).toMatchObject({ code: 'field_missing', status: 400, field: 'x-cloudtasks-queuename' });
  });

  test('a request of somebody else', async () => {
    const error = await errorOf(() => readCloudTask(new Headers({ 'user-agent': 'Google-Cloud-Tasks' })));

    expect(error).toMatchObject({ code: 'field_missing', status: 400, field: 'x-cloudtasks-queuename' });
  });

  test.each(Object.keys(SECOND))('%s twice, even with the same value', async (name) => {
    const value = SECOND[name as keyof typeof SECOND];

    const error = await errorOf(() => readCloudTask({ ...SECOND, [name]: [value, value] }));

    expect(error).toMatchObject({ code: 'field_invalid', status: 400, field: name });
  });

  test.each(Object.keys(FIRST))('%s twice in Web Headers', async (name) => {
    const headers = new Headers(FIRST);
    headers.append(name, FIRST[name as keyof typeof FIRST]);

    expect(await errorOf(() => readCloudTask(headers))).toMatchObject({ code: 'field_invalid', field: name });
  });

  test.each(['x-cloudtasks-taskretrycount', 'x-cloudtasks-taskexecutioncount', 'x-cloudtasks-taskpreviousresponse'])(
    '%s that is no count',
    async (name) => {
      for (const value of ['-1', '+1', '1.5', '1e3', '0x1', '01', ' 1', '1 ', 'one', '1000000000000000', 'NaN']) {
        const error = await errorOf(() => readCloudTask({ ...SECOND, [name]: value }));

        expect(error).toMatchObject({ code: 'field_invalid', status: 400, field: name });
      }
    },
  );

  test.each<[SenderErrorCode, string]>([
    ['field_invalid', 'tomorrow'],
    ['field_invalid', '2024-07-17T17:11:05Z'],
    ['field_invalid', '-1'],
    ['field_invalid', '1721236265.'],
    ['field_invalid', '.5'],
    ['field_invalid', '1.7e9'],
    ['field_invalid', '9999999999999'],
    ['field_invalid', 'Infinity'],
  ])('with %s the time %j', async (code, eta) => {
    const error = await errorOf(() => readCloudTask({ ...FIRST, 'x-cloudtasks-tasketa': eta }));

    expect(error).toMatchObject({ code, status: 400, field: 'x-cloudtasks-tasketa' });
  });
});
