import { redisStore } from '@id-token-guard/core/stores';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SENDER } from './support/callers.ts';
import { createFleet, FRESH_SECONDS, STORED_NAME, USABLE_SECONDS } from './support/fleet.ts';
import { connectNodeRedis, libraries } from './support/redis-clients.ts';
import { type RedisServer, redisServerIsInstalled, startRedisServer } from './support/redis-server.ts';

if (!redisServerIsInstalled) {
  console.warn('Skipped: redisStore() with a real Redis, because there is no redis-server on the PATH.');
}

describe.skipIf(!redisServerIsInstalled).each(libraries)('redisStore() with a client of $library', ({ connect }) => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedisServer();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    await (await connectNodeRedis(server.socket)).flushAll();
  });

  test('lets a second process start from the keys that the first has fetched', async () => {
    const { google, startProcess } = await createFleet();
    const first = startProcess(redisStore(await connect(server.socket)));
    const second = startProcess(redisStore(await connect(server.socket)));

    expect(await first.call()).toBe(SENDER.email);
    expect(await second.call()).toBe(SENDER.email);

    expect(google.jwksRequests).toBe(1);
    expect(first.events).toMatchObject([{ type: 'keys_refreshed', source: 'google' }]);
    expect(second.events).toMatchObject([{ type: 'keys_refreshed', source: 'store' }]);
  });

  test('lets one process refresh for both', async () => {
    const { google, startProcess, letPass } = await createFleet();
    const first = startProcess(redisStore(await connect(server.socket)));
    const second = startProcess(redisStore(await connect(server.socket)));
    await first.call();
    await second.call();
    const kid = await google.rotateKeys();
    letPass(FRESH_SECONDS * 0.9);

    expect(await first.call()).toBe(SENDER.email);
    expect(await second.call()).toBe(SENDER.email);

    expect(google.jwksRequests).toBe(2);
    expect(second.events.at(-1)).toMatchObject({ type: 'keys_refreshed', source: 'store' });
    expect(second.events.at(-1)).toHaveProperty('keyIds', expect.arrayContaining([kid]));
  });

  test('lets Redis drop the keys when they are too old to use', async () => {
    const { startProcess } = await createFleet();
    await startProcess(redisStore(await connect(server.socket))).call();

    const ttlSeconds = await (await connectNodeRedis(server.socket)).ttl(STORED_NAME);

    expect(ttlSeconds).toBeLessThanOrEqual(USABLE_SECONDS);
    expect(ttlSeconds).toBeGreaterThan(USABLE_SECONDS - 60);
  });

  test('shares nothing with stores of another prefix', async () => {
    const { google, startProcess } = await createFleet();
    const client = await connect(server.socket);

    expect(await startProcess(redisStore(client, { prefix: 'staging:' })).call()).toBe(SENDER.email);
    expect(await startProcess(redisStore(client)).call()).toBe(SENDER.email);

    expect(google.jwksRequests).toBe(2);
    const names = await (await connectNodeRedis(server.socket)).keys('*');
    expect(names.toSorted()).toStrictEqual([STORED_NAME, `staging:${STORED_NAME}`]);
  });

  test.each([
    ['text that is not JSON', 'garbage'],
    ['JSON that is not a key set', '{"keys":[]}'],
    ['the keys of another URL', '{"version":1,"url":"https://keys.example.com/","fetchedAt":0,"keys":[]}'],
    ['a text without end', 'x'.repeat(100_000)],
  ])('passes over %s, tells so and puts good keys in its place', async (_, garbage) => {
    const { google, startProcess } = await createFleet();
    await (await connectNodeRedis(server.socket)).set(STORED_NAME, garbage);
    const first = startProcess(redisStore(await connect(server.socket)));
    const second = startProcess(redisStore(await connect(server.socket)));

    expect(await first.call()).toBe(SENDER.email);
    expect(await second.call()).toBe(SENDER.email);

    expect(google.jwksRequests).toBe(1);
    expect(first.events).toMatchObject([
      { type: 'keys_store_failed', operation: 'get' },
      { type: 'keys_refreshed', source: 'google' },
    ]);
    expect(second.events).toMatchObject([{ type: 'keys_refreshed', source: 'store' }]);
  });

  test('passes over a value that is no text, tells so and puts good keys in its place', async () => {
    const { startProcess } = await createFleet();
    await (await connectNodeRedis(server.socket)).lPush(STORED_NAME, 'garbage');
    const process = startProcess(redisStore(await connect(server.socket)));

    expect(await process.call()).toBe(SENDER.email);

    expect(process.events).toMatchObject([
      { type: 'keys_store_failed', operation: 'get', error: { message: expect.stringContaining('WRONGTYPE') } },
      { type: 'keys_refreshed', source: 'google' },
    ]);
    expect(await (await connectNodeRedis(server.socket)).get(STORED_NAME)).toContain('"version":1');
  });
});

describe.skipIf(!redisServerIsInstalled).each(libraries)(
  'a Redis that stops, with a client of $library',
  ({ connect }) => {
    test('is told as events; each process fetches its own keys, and good tokens are accepted', async () => {
      const server = await startRedisServer();
      const { google, startProcess, letPass } = await createFleet();
      const store = redisStore(await connect(server.socket));
      const running = startProcess(store);
      await running.call();
      await server.stop();
      await google.rotateKeys();
      letPass(FRESH_SECONDS + 1);
      const started = startProcess(store);

      expect(await running.call()).toBe(SENDER.email);
      expect(await started.call()).toBe(SENDER.email);

      expect(google.jwksRequests).toBe(3);
      for (const { events } of [running, started]) {
        expect(new Set(events.slice(-3).map(describeEvent))).toStrictEqual(
          new Set(['keys_store_failed get', 'keys_store_failed set', 'keys_refreshed google']),
        );
      }
    });
  },
);

function describeEvent(event: { type: string; operation?: string; source?: string }): string {
  return `${event.type} ${event.operation ?? event.source}`;
}
