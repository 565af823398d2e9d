import { GoogleIdTokenError } from '../errors.ts';
import { emit, type KeySetEvent } from '../events.ts';
import {
  GOOGLE_JWKS_URL,
  type KeyRequest,
  type KeySet,
  type KeySetSnapshot,
  type KeySetStatus,
  type KeySetStore,
  type VerificationKey,
} from '../keys.ts';
import { checkOptionNames, functionOption, numberOption } from '../options.ts';
import { ageSeconds, type Phase, phaseOf } from './loaded-keys.ts';
import { createRefresher, type RefresherOptions } from './refresher.ts';
import { createSharedStore } from './shared-store.ts';
import { type DatedJwks, readSnapshot, writeSnapshot } from './snapshot.ts';
import { createTokenBucket } from './token-bucket.ts';

/** Options of {@link createGoogleKeySet}. All have defaults that fit a server. */
export interface GoogleKeySetOptions {
  /** Where the keys are: https, or http on loopback for tests. @default GOOGLE_JWKS_URL */
  readonly url?: string | URL | undefined;
  /** Fetches the keys. @default the global fetch, looked up at each call */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** For the whole exchange, body included. In seconds, 0.01 to 60. @default 5 */
  readonly timeoutSeconds?: number | undefined;
  /** How long keys past their freshness may be used while refreshes fail. In seconds, up to a week. @default 86_400 */
  readonly maxStaleSeconds?: number | undefined;
  /** Keys to start with, from `snapshot()` of another key set. One that is too old is not used. */
  readonly snapshot?: KeySetSnapshot | undefined;
  /** Shares the keys with other processes or isolates. */
  readonly store?: KeySetStore | undefined;
  /** Is told of refreshes, failures and the use of stale keys. What it throws is ignored. */
  readonly onEvent?: ((event: KeySetEvent) => void) | undefined;
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: (() => number) | undefined;
}

/**
 * Keeps the keys that Google publishes: fetches them once for all who wait, refreshes them ahead of time in the
 * background of a request, and goes on with good keys while Google cannot be reached.
 *
 * It has no timers: nothing happens without a request. Google's keys are trusted because they come from this URL over
 * TLS; nothing else about them can be checked.
 *
 * @throws TypeError that names a wrong option
 */
export function createGoogleKeySet(options: GoogleKeySetOptions = {}): KeySet {
  const checked = checkedOptions(options);
  const { url, now, maxStaleSeconds } = checked;
  const refresher = createRefresher(checked);
  const unknownKidFetches = createTokenBucket();

  return { get, preload: () => haveKeys({}), status, snapshot };

  async function get(kid: string, request: KeyRequest = {}): Promise<VerificationKey | undefined> {
    const before = refresher.loaded;
    await haveKeys(request);
    // Keys that were replaced just now need not be fetched again to know that they lack one.
    const key = keyOf(kid) ?? (refresher.loaded === before ? await findUnknown(kid, request) : undefined);
    if (key !== undefined && phase() === 'stale') {
      reportStaleUse(kid, request);
    }
    return key;
  }

  async function haveKeys(request: KeyRequest): Promise<void> {
    const current = phase();
    if (current === 'fresh') {
      return;
    }
    if (refresher.underWay || refresher.waitSeconds() === 0) {
      const refreshed = refresher.refresh(request);
      // Good keys are at hand: nobody waits, unless they are past their freshness and nothing tells that Google is down.
      if (current === 'due' || (current === 'stale' && refresher.failures > 0)) {
        request.waitUntil?.(refreshed);
      } else {
        await refreshed;
      }
    }
    if (!isUsable(phase())) {
      throw unavailable();
    }
  }

  async function findUnknown(kid: string, request: KeyRequest): Promise<VerificationKey | undefined> {
    const who = request.unknownKid?.() ?? 'implausible';
    if (who === 'implausible') {
      return undefined;
    }
    // A refresh that is under way may have begun before the key was published; then one more is worth its cost.
    for (let joined = refresher.underWay; ; joined = false) {
      if (!joined && refresher.waitSeconds() > 0) {
        throw unavailable();
      }
      if (!joined && !unknownKidFetches.take(who, now())) {
        return undefined;
      }
      await refresher.refresh(request, kid);
      const key = keyOf(kid);
      // A failed attempt is bounded by the back-off already; one that found the key was no flood.
      if (!joined && (refresher.failures > 0 || key !== undefined)) {
        unknownKidFetches.giveBack();
      }
      if (refresher.failures > 0) {
        throw unavailable();
      }
      if (key !== undefined || !joined) {
        return key;
      }
    }
  }

  function status(): KeySetStatus {
    const { loaded, lastError } = refresher;
    const current = phase();
    const freshForSeconds = loaded && loaded.freshForSeconds - ageSeconds(loaded, now());
    return {
      state: current === 'due' ? 'fresh' : current,
      usable: isUsable(current),
      keyIds: [...(loaded?.keys.keys() ?? [])],
      ...(loaded && freshForSeconds !== undefined
        ? {
            ageSeconds: ageSeconds(loaded, now()),
            freshForSeconds,
            usableForSeconds: freshForSeconds + maxStaleSeconds,
          }
        : {}),
      ...(lastError === undefined ? {} : { lastError, nextAttemptInSeconds: refresher.waitSeconds() }),
    };
  }

  function snapshot(): KeySetSnapshot | undefined {
    return refresher.loaded && writeSnapshot(url, refresher.loaded);
  }

  function keyOf(kid: string): VerificationKey | undefined {
    return refresher.loaded?.keys.get(kid);
  }

  function phase(): Phase {
    return phaseOf(refresher.loaded, now(), maxStaleSeconds);
  }

  function reportStaleUse(kid: string, request: KeyRequest): void {
    const { freshForSeconds = 0, usableForSeconds = 0 } = status();
    const event: KeySetEvent = { type: 'keys_stale_used', kid, staleForSeconds: -freshForSeconds, usableForSeconds };
    emit(checked.onEvent, event);
    emit(request.onEvent, event);
  }

  function unavailable(): GoogleIdTokenError {
    const retryAfterSeconds = Math.max(1, Math.ceil(refresher.waitSeconds()));
    return new GoogleIdTokenError('keys_unavailable', {
      hint: `The keys could not be fetched from ${url}: ${refresher.lastError?.message} Good tokens cannot be told from bad ones until that works.`,
      retryAfterSeconds,
      cause: refresher.lastError,
    });
  }
}

function isUsable(phase: Phase): boolean {
  return phase === 'fresh' || phase === 'due' || phase === 'stale';
}

const OPTION_NAMES = ['url', 'fetch', 'timeoutSeconds', 'maxStaleSeconds', 'snapshot', 'store', 'onEvent', 'now'];

function checkedOptions(options: GoogleKeySetOptions): RefresherOptions {
  checkOptionNames('createGoogleKeySet()', options, OPTION_NAMES);
  const url = keyUrl(options.url ?? GOOGLE_JWKS_URL);
  const now = functionOption('now', options.now) ?? Date.now;
  return {
    url,
    now,
    fetch: functionOption('fetch', options.fetch) ?? ((input, init) => globalThis.fetch(input, init)),
    timeoutSeconds: numberOption('timeoutSeconds', options.timeoutSeconds, { default: 5, min: 0.01, max: 60 }),
    maxStaleSeconds: numberOption('maxStaleSeconds', options.maxStaleSeconds, {
      default: 86_400,
      min: 0,
      max: 604_800,
    }),
    seed: options.snapshot === undefined ? undefined : checkedSnapshot(url, options.snapshot, now()),
    store: options.store === undefined ? undefined : createSharedStore(url, checkedStore(options.store)),
    onEvent: functionOption('onEvent', options.onEvent),
  };
}

function keyUrl(value: string | URL): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url?.hostname ?? '');
  if (url === undefined || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback))) {
    throw new TypeError('"url" must be an https URL, or http on loopback.');
  }
  if (url.username !== '' || url.password !== '') {
    throw new TypeError('"url" must not have a user name or password.');
  }
  return url.href;
}

function checkedSnapshot(url: string, value: unknown, now: number): DatedJwks {
  const seed = readSnapshot(url, value, now);
  if (seed === undefined) {
    throw new TypeError(`"snapshot" must be what snapshot() of a key set of ${url} returned.`);
  }
  return seed;
}

function checkedStore(store: KeySetStore): KeySetStore {
  if (typeof store?.get !== 'function' || typeof store.set !== 'function') {
    throw new TypeError('"store" must have the methods get and set.');
  }
  return store;
}
