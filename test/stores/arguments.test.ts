import { createGoogleKeySet, type KeySetStore } from '@id-token-guard/core';
import {
  cacheApiStore,
  cloudflareKvStore,
  denoKvStore,
  keyvStore,
  redisStore,
  unstorageStore,
  upstashStore,
} from '@id-token-guard/core/stores';
import { Redis as Upstash } from '@upstash/redis';
import { Redis as Ioredis } from 'ioredis';
import Keyv from 'keyv';
import { createClient } from 'redis';
import { createStorage } from 'unstorage';
import { describe, expect, test, vi } from 'vitest';

const redis = { get: async () => null, setEx: async () => 'OK' };
const namespace = { get: async () => null, put: async () => {} };

test.each([undefined, null, 'redis://localhost', {}, { get: redis.get }, { setEx: redis.setEx }])(
  'redisStore() refuses what is not a Redis client: %j',
  (client) => {
    expect(() => redisStore(client as never)).toThrow(
      new TypeError(
        'redisStore() takes a client of "redis", "ioredis" or "@upstash/redis": with the methods get and setEx or setex.',
      ),
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

test.each([undefined, null, 'https://…', {}, { get: redis.get }, { setex: redis.setEx }, redis])(
  'upstashStore() refuses what is not a client of Upstash: %j',
  (client) => {
    expect(() => upstashStore(client as never)).toThrow(
      new TypeError('upstashStore() takes a client of "@upstash/redis": with the methods get and setex.'),
    );
  },
);

test.each([undefined, null, 'redis://localhost', {}, namespace, { set: redis.get }])(
  'keyvStore() refuses what is not an instance of Keyv: %j',
  (keyv) => {
    expect(() => keyvStore(keyv as never)).toThrow(
      new TypeError('keyvStore() takes an instance of "keyv": with the methods get and set.'),
    );
  },
);

test.each([undefined, null, 'fs', {}, { getItem: redis.get }, redis])(
  'unstorageStore() refuses what is not a storage: %j',
  (storage) => {
    expect(() => unstorageStore(storage as never)).toThrow(
      new TypeError(
        'unstorageStore() takes a storage, such as createStorage({ driver }): with the methods getItem and setItem.',
      ),
    );
  },
);

test.each([undefined, null, './keys.db', {}, Promise.resolve({}), namespace, { get: redis.get }, { set: redis.get }])(
  'denoKvStore() refuses what is not a database: %j',
  (kv) => {
    expect(() => denoKvStore(kv as never)).toThrow(
      new TypeError('denoKvStore() takes a database, such as await Deno.openKv(): with the methods get and set.'),
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

test.each([
  ['', ['keys']],
  ['a:', ['a:keys']],
])(
  'denoKvStore() keeps a text as a value, for as long as it is good, in milliseconds: prefix %j',
  async (prefix, key) => {
    const values = new Map<string, unknown>();
    const set = vi.fn(async (name: readonly string[], value: unknown) => values.set(`${name}`, value));
    const get = vi.fn(async (name: readonly string[]) => ({ value: values.get(`${name}`) ?? null }));
    const store = denoKvStore({ get, set }, { prefix });

    expect(await store.get('keys')).toBeNull();
    await store.set('keys', '{}', 60);

    expect(await store.get('keys')).toBe('{}');
    expect(set.mock.calls).toEqual([[key, '{}', { expireIn: 60_000 }]]);
    expect(get.mock.calls).toEqual([[key], [key]]);
  },
);

const keyv = { get: async () => undefined, set: async () => true };
const storage = { getItem: async () => null, setItem: async () => {} };
const kv = { get: async () => ({ value: null }), set: async () => ({ ok: true }) };

describe.each<[string, (options: never) => unknown]>([
  ['redisStore()', (options) => redisStore(redis, options)],
  ['upstashStore()', (options) => upstashStore({ get: redis.get, setex: redis.setEx }, options)],
  ['keyvStore()', (options) => keyvStore(keyv, options)],
  ['unstorageStore()', (options) => unstorageStore(storage, options)],
  ['denoKvStore()', (options) => denoKvStore(kv, options)],
  ['cloudflareKvStore()', (options) => cloudflareKvStore(namespace, options)],
])('%s', (name, create) => {
  test('refuses a prefix that is not a string', () => {
    expect(() => create({ prefix: 1 } as never)).toThrow(new TypeError('"prefix" must be a string.'));
  });

  test('refuses a misspelt option', () => {
    expect(() => create({ keyPrefix: 'staging:' } as never)).toThrow(
      new TypeError(`Unknown option "keyPrefix": ${name} knows prefix.`),
    );
  });
});

describe('a client in place of a store, which has get and set as well', () => {
  test.each<[string, () => unknown]>([
    ['redis', () => createClient()],
    ['ioredis', () => new Ioredis({ lazyConnect: true })],
    ['@upstash/redis', () => new Upstash({ url: 'https://upstash.example.com', token: 'x' })],
    ['keyv, which would keep seconds for milliseconds', () => new Keyv()],
    ['unstorage', () => createStorage()],
    ['Deno KV', () => ({ get: async () => {}, set: async () => {}, atomic: () => {} })],
  ])('is refused, and the error says what to do: %s', (_, client) => {
    expect(() => createGoogleKeySet({ store: client() as KeySetStore })).toThrow(
      new TypeError(
        '"store" is a client: make a store of it, with redisStore(), keyvStore(), unstorageStore() or denoKvStore().',
      ),
    );
  });

  test('is not a Map, in which nothing has a time: keys have a date of their own', () => {
    expect(() => createGoogleKeySet({ store: new Map() as unknown as KeySetStore })).not.toThrow();
  });
});
