import type { KeySetStore } from '../keys/key-set.ts';
import { hasMethods, prefixOption, type StoreOptions } from './options.ts';

/** What is used of a client of the package `@upstash/redis`. */
export interface UpstashRedisLike {
  get(key: string): Promise<unknown>;
  setex(key: string, seconds: number, value: string): Promise<unknown>;
}

/**
 * Shares keys through Upstash Redis, with a client of `@upstash/redis`, of `@upstash/redis/cloudflare` or
 * `@upstash/redis/fastly`. It works over `fetch`, so it does where there are no sockets. Upstash drops the keys by itself
 * when they are too old to use.
 *
 * What the client is told with `automaticDeserialization` does not matter: objects are read as well as text. It does
 * not sign what it keeps: whoever can write to this database can make tokens pass.
 *
 * @throws TypeError where it is no such client, or that names a wrong option
 */
export function upstashStore(client: UpstashRedisLike, options: StoreOptions = {}): KeySetStore {
  const prefix = prefixOption('upstashStore()', options);
  if (!hasMethods(client, 'get', 'setex')) {
    throw new TypeError('upstashStore() takes a client of "@upstash/redis": with the methods get and setex.');
  }
  return {
    get: (name) => client.get(prefix + name),
    set: (name, text, ttlSeconds) => client.setex(prefix + name, ttlSeconds, text),
  };
}
