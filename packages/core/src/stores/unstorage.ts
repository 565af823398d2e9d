import type { KeySetStore } from '../keys/key-set.ts';
import { hasMethods, prefixOption, type StoreOptions } from './options.ts';

/** What is used of a storage of the package `unstorage`, as `createStorage()` and Nitro's `useStorage()` make them. */
export interface UnstorageLike {
  getItem(key: string): Promise<unknown>;
  setItem(key: string, value: string, options: { ttl: number }): Promise<unknown>;
}

/**
 * Shares keys through unstorage, with whichever driver.
 *
 * Drivers that know no time to live, such as those for memory and files, keep keys that are too old until newer ones
 * come; they are not used. It does not sign what it keeps: whoever can write there can make tokens pass.
 *
 * @throws TypeError where it is not a storage, or that names a wrong option
 */
export function unstorageStore(storage: UnstorageLike, options: StoreOptions = {}): KeySetStore {
  const prefix = prefixOption('unstorageStore()', options);
  if (!hasMethods(storage, 'getItem', 'setItem')) {
    throw new TypeError(
      'unstorageStore() takes a storage, such as createStorage({ driver }): with the methods getItem and setItem.',
    );
  }
  // unstorage cuts a key at a question mark and takes slashes for colons: the name has a URL in it.
  const key = (name: string) => prefix + encodeURIComponent(name);
  return {
    get: (name) => storage.getItem(key(name)),
    set: (name, text, ttlSeconds) => storage.setItem(key(name), text, { ttl: ttlSeconds }),
  };
}
