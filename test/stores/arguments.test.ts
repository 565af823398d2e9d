import { cacheApiStore, cloudflareKvStore, redisStore } from '@id-token-guard/core/stores';
import { expect, test } from 'vitest';

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
