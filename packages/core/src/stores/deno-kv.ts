import type { KeySetStore } from '../keys/key-set.ts';
import { hasMethods, prefixOption, type StoreOptions } from './options.ts';

/** What is used of a database of Deno KV. */
export interface DenoKvLike {
  get(key: readonly string[]): Promise<{ readonly value: unknown }>;
  set(key: readonly string[], value: string, options: { expireIn: number }): Promise<unknown>;
}

/**
 * Shares keys through Deno KV: `await Deno.openKv()`. Deno drops them, not to the second, when they are too old to use.
 *
 * It does not sign what it keeps: whoever can write to this database can make tokens pass.
 *
 * @throws TypeError where it is not a database, or that names a wrong option
 */
export function denoKvStore(kv: DenoKvLike, options: StoreOptions = {}): KeySetStore {
  const prefix = prefixOption('denoKvStore()', options);
  if (!hasMethods(kv, 'get', 'set')) {
    throw new TypeError('denoKvStore() takes a database, such as await Deno.openKv(): with the methods get and set.');
  }
  return {
    get: async (name) => (await kv.get([prefix + name])).value,
    set: (name, text, ttlSeconds) => kv.set([prefix + name], text, { expireIn: ttlSeconds * 1000 }),
  };
}
