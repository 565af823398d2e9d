import type { KeySetEvent } from '../events.ts';
import { checkOptionNames, clockOption, functionOption, numberOption } from '../options.ts';
import { GOOGLE_JWKS_URL, type KeySetSnapshot, type KeySetStore } from './key-set.ts';
import type { RefresherOptions } from './refresher.ts';
import { createSharedStore } from './shared-store.ts';
import { type DatedJwks, readSnapshot } from './snapshot.ts';
import { defaultTransport } from './transport/default.ts';
import { fetchTransport } from './transport/fetch.ts';

/** Options of `createGoogleKeySet`. All have defaults that fit a server. */
export interface GoogleKeySetOptions {
  /** Where the keys are: https, or http on loopback for tests. @default GOOGLE_JWKS_URL */
  readonly url?: string | URL | undefined;
  /**
   * Fetches the keys, such as one that knows your proxy: anything that resolves to a `Response`.
   *
   * @default `node:https` in a process of Node.js that has not needed `fetch` so far, else the global `fetch`; chosen
   * at each request
   */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** For the whole exchange, body included. In seconds, 0.01 to 60. @default 5 */
  readonly timeoutSeconds?: number | undefined;
  /** How long keys past their freshness may be used while refreshes fail. In seconds, up to a week. @default 86_400 */
  readonly maxStaleSeconds?: number | undefined;
  /** Keys to start with, from `snapshot()` of another key set. One that is too old is not used. */
  readonly snapshot?: KeySetSnapshot | undefined;
  /** Shares the keys with other processes or isolates. */
  readonly store?: KeySetStore | undefined;
  /**
   * Is told of refreshes, failures and the use of stale keys. What it throws is ignored. The `onEvent` of a verifier
   * hears of them too, if its request caused them: give one of the two.
   */
  readonly onEvent?: ((event: KeySetEvent) => void) | undefined;
  /** Milliseconds since the epoch. @default Date.now(), asked each time */
  readonly now?: (() => number) | undefined;
}

const OPTION_NAMES = ['url', 'fetch', 'timeoutSeconds', 'maxStaleSeconds', 'snapshot', 'store', 'onEvent', 'now'];

/** @throws TypeError that names a wrong option */
export function checkedOptions(options: GoogleKeySetOptions): RefresherOptions {
  checkOptionNames('createGoogleKeySet()', options, OPTION_NAMES);
  const url = keyUrl(options.url === undefined ? GOOGLE_JWKS_URL : options.url);
  const now = clockOption(options.now);
  const fetch = functionOption('fetch', options.fetch);
  return {
    url,
    now,
    transport: fetch === undefined ? defaultTransport : fetchTransport(fetch),
    timeoutSeconds: numberOption('timeoutSeconds', options.timeoutSeconds, { default: 5, min: 0.01, max: 60 }),
    maxStaleSeconds: numberOption('maxStaleSeconds', options.maxStaleSeconds, {
      default: 86_400,
      min: 0,
      max: 604_800,
    }),
    seed: options.snapshot === undefined ? undefined : checkedSnapshot(url, options.snapshot),
    store: options.store === undefined ? undefined : createSharedStore(url, checkedStore(options.store), now),
    onEvent: functionOption('onEvent', options.onEvent),
  };
}

function keyUrl(value: string | URL | null): string {
  // A URL of another realm, as of a test environment, is one by its looks only.
  const text: unknown = typeof value === 'string' ? value : value?.href;
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url?.hostname ?? '');
  if (url === undefined || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback))) {
    throw new TypeError('"url" must be an https URL, or http on loopback.');
  }
  if (url.username !== '' || url.password !== '') {
    throw new TypeError('"url" must not have a user name or password.');
  }
  return url.href;
}

function checkedSnapshot(url: string, value: unknown): DatedJwks {
  const seed = readSnapshot(url, value);
  if (seed === undefined) {
    throw new TypeError(
      `"snapshot" must be what snapshot() of a key set of ${url} returned, and not of a fake Google.`,
    );
  }
  return seed;
}

/** Of `redis`, `ioredis`, unstorage, Keyv and Deno KV: their `set` takes a time in other units, or in another place. */
const CLIENT_METHODS = ['setEx', 'setex', 'setItem', 'setMany', 'atomic'];

function checkedStore(store: KeySetStore): KeySetStore {
  if (typeof store?.get !== 'function' || typeof store.set !== 'function') {
    throw new TypeError('"store" must have the methods get and set.');
  }
  if (CLIENT_METHODS.some((name) => name in store)) {
    throw new TypeError(
      '"store" is a client: make a store of it, with redisStore(), keyvStore(), unstorageStore() or denoKvStore().',
    );
  }
  return store;
}
