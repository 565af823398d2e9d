import type { KeySetStore } from '../keys/key-set.ts';
import { hasMethods, prefixOption, type StoreOptions } from './options.ts';

/** What is used of a KV namespace. */
export interface KvNamespaceLike {
  get(key: string): Promise<string | null>;
  put(key: string, value: string, options: { expirationTtl: number }): Promise<unknown>;
}

/** In seconds: KV refuses to keep anything for less. */
const MIN_TTL_SECONDS = 60;

/**
 * Shares keys through a namespace of Cloudflare Workers KV, with the whole world. KV drops them by itself when they
 * are too old to use.
 *
 * It is not in step everywhere: what one place writes, another may see a minute later, and fetches for itself until
 * then. It does not sign what it keeps: whoever can write to this namespace can make tokens pass.
 *
 * @throws TypeError where it is not a KV namespace, or that names a wrong option
 */
export function cloudflareKvStore(namespace: KvNamespaceLike, options: StoreOptions = {}): KeySetStore {
  const prefix = prefixOption('cloudflareKvStore()', options);
  if (!hasMethods(namespace, 'get', 'put')) {
    throw new TypeError('cloudflareKvStore() takes a KV namespace, such as env.KEYS: with the methods get and put.');
  }
  return {
    get: (name) => namespace.get(prefix + name),
    set: (name, text, ttlSeconds) =>
      namespace.put(prefix + name, text, { expirationTtl: Math.max(MIN_TTL_SECONDS, ttlSeconds) }),
  };
}
