import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SENDER } from './support/callers.ts';
import { createFleet, FRESH_SECONDS, STORED_NAME, USABLE_SECONDS } from './support/fleet.ts';
import { connectNodeRedis } from './support/redis-clients.ts';
import { type RedisServer, redisServerIsInstalled, startRedisServer } from './support/redis-server.ts';
import { waysToRedis } from './support/ways-to-redis.ts';

if (!redisServerIsInstalled) {
  console.warn('Skipped: stores with a real Redis, because there is no redis-server on the PATH.');
}

describe.skipIf(!redisServerIsInstalled).each(waysToRedis)('$way', ({ serve, connect, keyOf, hidesFailures }) => {
  const open = async () => connect(await serve(server.port));
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedisServer();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    await (await connectNodeRedis(server.port)).flushAll();
  });

  test('lets a second process start from the keys that the first has fetched', async () => {
    const { google, startProcess } = await createFleet();
    const first = startProcess((await open())());
    const second = startProcess((await open())());

    expect(await first.call()).toBe(SENDER.email);
    expect(await second.call()).toBe(SENDER.email);

    expect(google.jwksRequests).toBe(1);
    expect(first.events).toMatchObject([{ type: 'keys_refreshed', source: 'google' }]);
    expect(second.events).toMatchObject([{ type: 'keys_refreshed', source: 'store' }]);
  });

  test('lets one process refresh for both', async () => {
    const { google, startProcess, letPass } = await createFleet();
    const first = startProcess((await open())());
    const second = startProcess((await open())());
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
    await startProcess((await open())()).call();

    const ttlSeconds = await (await connectNodeRedis(server.port)).ttl(keyOf(STORED_NAME));

    expect(ttlSeconds).toBeLessThanOrEqual(USABLE_SECONDS);
    expect(ttlSeconds).toBeGreaterThan(USABLE_SECONDS - 60);
  });

  test('shares nothing with stores of another prefix', async () => {
    const { google, startProcess } = await createFleet();
    const makeStore = await open();

    expect(await startProcess(makeStore({ prefix: 'staging:' })).call()).toBe(SENDER.email);
    expect(await startProcess(makeStore()).call()).toBe(SENDER.email);

    expect(google.jwksRequests).toBe(2);
    const names = await (await connectNodeRedis(server.port)).keys('*');
    expect(names.toSorted()).toStrictEqual([keyOf(STORED_NAME), keyOf(STORED_NAME, 'staging:')].toSorted());
  });

  test.each([
    ['text that is not JSON', 'garbage'],
    ['JSON that is not a key set', '{"keys":[]}'],
    ['JSON in JSON', JSON.stringify('{"keys":[]}')],
    ['a number', '1'],
    ['the keys of another URL', '{"version":1,"url":"https://keys.example.com/","fetchedAt":0,"keys":[]}'],
    ['a text without end', 'x'.repeat(100_000)],
  ])('passes over %s, tells so and puts good keys in its place', async (_, garbage) => {
    const { google, startProcess } = await createFleet();
    const store = (await open())();
    await store.set(STORED_NAME, garbage, 60);
    const first = startProcess(store);
    const second = startProcess((await open())());

    expect(await first.call()).toBe(SENDER.email);
    expect(await second.call()).toBe(SENDER.email);

    expect(google.jwksRequests).toBe(1);
    expect(first.events).toMatchObject([
      { type: 'keys_store_failed', operation: 'get', gave: expect.stringMatching(/^(text|object|other)$/) },
      { type: 'keys_refreshed', source: 'google' },
    ]);
    expect(second.events).toMatchObject([{ type: 'keys_refreshed', source: 'store' }]);
  });

  test('passes over a value that is no text, and puts good keys in its place', async () => {
    const { startProcess } = await createFleet();
    await (await connectNodeRedis(server.port)).lPush(keyOf(STORED_NAME), 'garbage');
    const process = startProcess((await open())());

    expect(await process.call()).toBe(SENDER.email);

    expect(process.events).toMatchObject([
      ...(hidesFailures ? [] : [failedRead('nothing', 'WRONGTYPE')]),
      { type: 'keys_refreshed', source: 'google' },
    ]);
    expect(await (await connectNodeRedis(server.port)).get(keyOf(STORED_NAME))).toContain('version');
  });

  test('tells where keys that were put there are lost', async () => {
    const { startProcess, letPass } = await createFleet();
    const process = startProcess((await open())());
    await process.call();
    await (await connectNodeRedis(server.port)).flushAll();
    letPass(FRESH_SECONDS + 1);

    expect(await process.call()).toBe(SENDER.email);

    expect(process.events.slice(1)).toMatchObject([
      failedRead('nothing', 'The key set store has lost keys that were put there'),
      { type: 'keys_refreshed', source: 'google' },
    ]);
  });
});

function failedRead(gave: string, message: string) {
  return { type: 'keys_store_failed', operation: 'get', gave, error: { message: expect.stringContaining(message) } };
}
