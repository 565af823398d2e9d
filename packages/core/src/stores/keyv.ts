import type { KeySetStore } from '../keys/key-set.ts';
import { hasMethods, prefixOption, type StoreOptions } from './options.ts';

/** What is used of an instance of the package `keyv`. */
export interface KeyvLike {
  get(key: string): Promise<unknown>;
  set(key: string, value: string, ttlMilliseconds: number): Promise<unknown>;
}

/**
 * Shares keys through Keyv, with whatever it keeps its values in.
 *
 * It does not listen to Keyv: do so, with `keyv.on('error', …)`. What goes wrong when Keyv reads is told there, and here
 * it looks as if there were nothing; without a listener, Keyv 6 ends the process when a store loses its connection. It
 * does not sign what it keeps: whoever can write there can make tokens pass.
 *
 * @throws TypeError where it is not an instance of Keyv, or that names a wrong option
 */
export function keyvStore(keyv: KeyvLike, options: StoreOptions = {}): KeySetStore {
  const prefix = prefixOption('keyvStore()', options);
  if (!hasMethods(keyv, 'get', 'set')) {
    throw new TypeError('keyvStore() takes an instance of "keyv": with the methods get and set.');
  }
  return {
    get: (name) => keyv.get(prefix + name),
    async set(name, text, ttlSeconds) {
      if ((await keyv.set(prefix + name, text, ttlSeconds * 1000)) === false) {
        throw new Error('Keyv did not keep the keys. Its "error" listeners are told why.');
      }
    },
  };
}
