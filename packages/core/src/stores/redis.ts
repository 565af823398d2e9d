import type { KeySetStore } from '../keys/key-set.ts';
import { hasMethods, prefixOption, type StoreOptions } from './options.ts';

/** What is used of a client, cluster or pool of the package `redis`. */
export interface NodeRedisLike {
  get(key: string): Promise<unknown>;
  setEx(key: string, seconds: number, value: string): Promise<unknown>;
}

/** What is used of a client or cluster of the package `ioredis`, and of a client of `@upstash/redis`. */
export interface IoredisLike {
  get(key: string): Promise<unknown>;
  setex(key: string, seconds: number, value: string): Promise<unknown>;
}

/**
 * Shares keys through Redis, with a client of `redis` (connected), `ioredis` or `@upstash/redis`: a single server, a
 * cluster, or behind Sentinels. Redis drops the keys by itself when they are too old to use.
 *
 * It does not connect, close or listen to the client: with `redis` and without a listener for its `error` events, a
 * lost connection ends the process. It does not sign what it keeps: whoever can write to this Redis can make tokens
 * pass.
 *
 * @throws TypeError where it is no such client, or that names a wrong option
 */
export function redisStore(client: NodeRedisLike | IoredisLike, options: StoreOptions = {}): KeySetStore {
  const prefix = prefixOption('redisStore()', options);
  if (!hasMethods(client, 'get') || !(hasMethods(client, 'setEx') || hasMethods(client, 'setex'))) {
    throw new TypeError(
      'redisStore() takes a client of "redis", "ioredis" or "@upstash/redis": with the methods get and setEx or setex.',
    );
  }
  return {
    get: (name) => client.get(prefix + name),
    set: (name, text, ttlSeconds) =>
      'setEx' in client ? client.setEx(prefix + name, ttlSeconds, text) : client.setex(prefix + name, ttlSeconds, text),
  };
}
