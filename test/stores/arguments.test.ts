import { cacheApiStore, cloudflareKvStore, redisStore } from '@id-token-guard/core/stores';
import { expect, test, vi } from 'vitest';

const redis = { get: async () => null, setEx: async () => 'OK' };
const namespace = { get: async () => null, put: async () => {} };

test.each([undefined, null, 'redis://localhost', {}, { get: redis.get }, { setEx: redis.setEx }])(
  'redisStore() refuses what is not a Redis client: %j',
  (client) => {
    expect(() => redisStore(client as never)).toThrow(
      new TypeError('redisStore() takes a client of "redis" or "ioredis": with the methods get and setEx or setex.'),
    );
  },
);

test.each([undefined, null, 'KEYS', {}, { get: namespace.get }])(
  'cloudflareKvStore() refuses what is not a KV namespace: %j',
  (value) => {
    expect(() => cloudflareKvStore(value as never)).toThrow(
      new TypeError('cloudflareKvStore() takes a KV namespace, such as env.KEYS: with the methods get and put.'),
    );
  },
);

test.each([undefined, null, 'default', {}, Promise.resolve({})])(
  'cacheApiStore() refuses what is not a cache: %j',
  (value) => {
    expect(() => cacheApiStore(value as never)).toThrow(
      new TypeError(
        'cacheApiStore() takes a cache, such as caches.default or await caches.open(name): with the methods match and put.',
      ),
    );
  },
);

test.each([
  [1, 60],
  [59, 60],
  [61, 61],
  [90_000, 90_000],
])(
  'Workers KV keeps what is good for %i s for %i s: it refuses less than a minute',
  async (ttlSeconds, expirationTtl) => {
    const put = vi.fn(namespace.put);

    await cloudflareKvStore({ ...namespace, put }, { prefix: 'a:' }).set('keys', '{}', ttlSeconds);

    expect(put.mock.calls).toEqual([['a:keys', '{}', { expirationTtl }]]);
  },
);

test('a prefix that is not a string is refused', () => {
  const prefix = 1 as never;
  expect(() => redisStore(redis, { prefix })).toThrow(new TypeError('"prefix" must be a string.'));
  expect(() => cloudflareKvStore(namespace, { prefix })).toThrow(new TypeError('"prefix" must be a string.'));
});

test('a misspelt option is refused', () => {
  const options = { keyPrefix: 'staging:' } as never;
  expect(() => redisStore(redis, options)).toThrow(/Unknown option "keyPrefix": redisStore\(\) knows prefix/);
  expect(() => cloudflareKvStore(namespace, options)).toThrow(/Unknown option "keyPrefix": cloudflareKvStore\(\)/);
});
