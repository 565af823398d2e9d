import { cacheApiStore, cloudflareKvStore } from '@id-token-guard/core/stores';
import { createFakeGoogle } from '@id-token-guard/testing';
import { Response } from 'miniflare';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { SENDER } from './support/callers.ts';
import { STORED_NAME, USABLE_SECONDS } from './support/fleet.ts';
import { STORED_URL, type Stored, startIsolates, type UpstashRedis } from './support/isolates.ts';
import { connectNodeRedis } from './support/redis-clients.ts';
import { redisServerIsInstalled, startRedisServer } from './support/redis-server.ts';
import { startUpstash } from './support/upstash-server.ts';

const google = await createFakeGoogle();
let requestsBefore: number;
beforeEach(() => {
  requestsBefore = google.jwksRequests;
});

const kinds = ['kv', 'default cache', 'named cache', 'unstorage on kv', 'upstash'] as const;

describe.each(kinds)('a store on Cloudflare Workers: %s', (kind) => {
  const isMissing = kind === 'upstash' && !redisServerIsInstalled;
  const start = async () => startIsolates(google, kind, kind === 'upstash' ? await startUpstashRedis() : undefined);

  test.skipIf(isMissing)('lets a second isolate start from the keys that the first has fetched', async () => {
    const { call, stored } = await start();

    const first = await call('first');
    await keysIn(stored);
    const second = await call('second');

    expect(google.jwksRequests - requestsBefore).toBe(1);
    expect(first).toMatchObject({ caller: SENDER.email, events: [{ type: 'keys_refreshed', source: 'google' }] });
    expect(second).toMatchObject({ caller: SENDER.email, events: [{ type: 'keys_refreshed', source: 'store' }] });
  });

  test.skipIf(isMissing)(
    'passes over what is not a usable key set, tells so and puts good keys in its place',
    async () => {
      const { call, stored } = await start();
      await stored.write('{"keys":[]}');

      const answer = await call('first');

      expect(answer).toMatchObject({
        caller: SENDER.email,
        events: [
          { type: 'keys_store_failed', operation: 'get', gave: /unstorage|upstash/.test(kind) ? 'object' : 'text' },
          { type: 'keys_refreshed', source: 'google' },
        ],
      });
      await keysIn(stored);
    },
  );
});

describe('cloudflareKvStore()', () => {
  test('lets KV drop the keys when they are too old to use', async () => {
    const { call, stored, namespace } = await startIsolates(google, 'kv');
    await call('first');
    await keysIn(stored);

    const { keys } = await namespace.list();

    const now = Date.now() / 1000;
    expect(keys).toMatchObject([{ name: STORED_NAME }]);
    expect(keys[0]?.expiration).toBeLessThanOrEqual(now + USABLE_SECONDS);
    expect(keys[0]?.expiration).toBeGreaterThan(now + USABLE_SECONDS - 60);
  });

  test('keeps for a minute what should be kept for less, since KV refuses to', async () => {
    const { namespace } = await startIsolates(google, 'kv');
    const store = cloudflareKvStore(namespace);

    await store.set('name', 'text', 1);

    expect(await store.get('name')).toBe('text');
  });

  test('puts the prefix before the name', async () => {
    const { namespace } = await startIsolates(google, 'kv');
    const store = cloudflareKvStore(namespace, { prefix: 'staging:' });

    await store.set('name', 'text', 60);

    expect(await store.get('name')).toBe('text');
    expect(await namespace.get('staging:name')).toBe('text');
    expect(await namespace.get('name')).toBeNull();
  });
});

test('cacheApiStore() keeps each name apart, whatever is in it', async () => {
  const { defaultCache } = await startIsolates(google, 'default cache');
  // From outside of workerd its cache takes the responses of miniflare only.
  vi.stubGlobal('Response', Response);
  onTestFinished(() => void vi.unstubAllGlobals());
  const store = cacheApiStore(defaultCache);
  await store.set('a/b?c#d', 'text', 60);
  await store.set('a/b', 'another', 60);

  expect(await store.get('a/b?c#d')).toBe('text');
  expect(await store.get('a/b')).toBe('another');
  expect(await store.get('a')).toBeUndefined();
  const kept = await defaultCache.match('https://id-token-guard.invalid/a%2Fb%3Fc%23d');
  expect(kept?.headers.get('cache-control')).toBe('max-age=60');
});

test('cacheApiStore() lets the cache drop the keys when they are too old to use', async () => {
  const { call, stored, defaultCache } = await startIsolates(google, 'default cache');
  await call('first');
  await keysIn(stored);

  const response = await defaultCache.match(STORED_URL);

  expect(response?.headers.get('cache-control')).toBe(`max-age=${USABLE_SECONDS}`);
});

/** The Worker writes after it has answered. */
async function keysIn(stored: Stored): Promise<void> {
  await vi.waitFor(async () => expect(await stored.read()).toContain('"version":1'), { timeout: 20_000 });
}

async function startUpstashRedis(): Promise<UpstashRedis> {
  const server = await startRedisServer();
  onTestFinished(() => server.stop());
  const redis = await connectNodeRedis(server.port);
  return {
    port: await startUpstash(server.port),
    read: () => redis.get(STORED_NAME),
    write: (text) => redis.set(STORED_NAME, text),
  };
}
