import { readCloudScheduler } from '@id-token-guard/senders';
import { describe, expect, test } from 'vitest';
import { errorOf } from './fixtures.ts';

const RUN = {
  'x-cloudscheduler': 'true',
  'x-cloudscheduler-jobname': 'nightly-report',
  'x-cloudscheduler-scheduletime': '2026-10-05T01:41:00-07:00',
};

describe('a run of a job', () => {
  test.each([
    ['Web Headers', new Headers(RUN)],
    ["Node's headers", RUN],
    ["Node's headersDistinct", Object.fromEntries(Object.entries(RUN).map(([name, value]) => [name, [value]]))],
  ])('is read from %s, its time with any offset', (_, headers) => {
    expect(readCloudScheduler(headers)).toStrictEqual({
      jobName: 'nightly-report',
      scheduleTime: new Date('2026-10-05T08:41:00Z'),
    });
  });

  test('has no time where the schedule is not in unix-cron format', () => {
    expect(readCloudScheduler({ 'x-cloudscheduler-jobname': 'nightly-report' })).toStrictEqual({
      jobName: 'nightly-report',
      scheduleTime: undefined,
    });
  });
});

describe('refuses', () => {
  test('a request without a job name', async () => {
    const error = await errorOf(() => readCloudScheduler({ ...RUN, 'x-cloudscheduler-jobname': undefined }));

    expect(error).toMatchObject({ code: 'field_missing', status: 400, field: 'x-cloudscheduler-jobname' });
  });

  test.each<[string, string | string[]]>([
    ['x-cloudscheduler-jobname', ['nightly-report', 'nightly-report']],
    ['x-cloudscheduler-jobname', 'nightly-report, hourly-report'],
    ['x-cloudscheduler-scheduletime', ['2026-10-05T08:41:00Z', '2026-10-05T08:41:00Z']],
    ['x-cloudscheduler-scheduletime', 'at night'],
    ['x-cloudscheduler-scheduletime', '2026-10-05'],
    ['x-cloudscheduler-scheduletime', '2026-09-31T08:41:00Z'],
    ['x-cloudscheduler-scheduletime', '1791189660'],
  ])('%s: %j', async (name, value) => {
    const error = await errorOf(() => readCloudScheduler({ ...RUN, [name]: value }));

    expect(error).toMatchObject({ code: 'field_invalid', status: 400, field: name });
  });
});
