/*
 * Guards that share keys through Redis, and guards whose Redis is away.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { exchange, requestText } from '../adapters/support/raw-http.ts';
import { type RedisServer, redisServerIsInstalled, startRedisServer } from '../stores/support/redis-server.ts';
import { type GuardHere, good, google, startGuardHere } from './support/world.ts';

beforeEach(() => google.answerWith('ok'));

describe.skipIf(!redisServerIsInstalled)('with a real Redis (left out without redis-server)', () => {
  let redis: RedisServer;
  let url: string;

  beforeAll(async () => {
    redis = await startRedisServer();
    url = `redis://127.0.0.1:${redis.port}`;
  });
  afterAll(() => redis.stop());

  test('guards that start together fetch once; one that starts without Google takes what they have put there', async () => {
    const before = google.jwksRequests;
    const guards = await Promise.all([0, 1, 2].map(() => startGuardHere({ redis: url })));

    expect(await Promise.all(guards.map(statusOf))).toEqual([200, 200, 200]);
    expect(google.jwksRequests - before).toBe(1);
    google.answerWith('outage');
    const late = await startGuardHere({ redis: url });
    google.answerWith('outage');
    expect(await statusOf(late)).toBe(200);
    await Promise.all([...guards, late].map((guard) => guard.close()));
  });

  test('a Redis that goes away stops nothing', async () => {
    const own = await startRedisServer();
    onTestFinished(() => own.stop());
    const guard = await startGuardHere({ redis: `redis://127.0.0.1:${own.port}`, metrics: true });
    expect(await statusOf(guard)).toBe(200);
    await own.stop();

    expect(await statusOf(guard)).toBe(200);
    expect((await fetch(`${guard.managementUrl}/readyz`)).status).toBe(200);
    await guard.close();
  });
});

test('without a Redis that can be reached, a guard fetches for itself, and closes when it is told to', async () => {
  const before = google.jwksRequests;
  const guard = await startGuardHere({ redis: 'redis://127.0.0.1:1' });

  expect(await statusOf(guard)).toBe(200);
  expect(google.jwksRequests - before).toBe(1);
  await guard.close();
});

async function statusOf({ port }: GuardHere): Promise<number> {
  return (await exchange(port, requestText('GET /auth HTTP/1.1', [good]))).status;
}
