import { emit, type KeySetEvent } from '../events.ts';
import { asError } from '../thrown.ts';
import { createAgeGauge } from './age.ts';
import { createBackoff } from './backoff.ts';
import { fetchJwks } from './fetch-jwks.ts';
import { keepAlive } from './keep-alive.ts';
import type { KeyRequest } from './key-set.ts';
import { type KeysSource, type LoadedKeys, lifeOf, loadKeys, phaseOf } from './loaded-keys.ts';
import type { SharedStore } from './shared-store.ts';
import { createSingleFlight } from './single-flight.ts';
import { type DatedJwks, MAX_SKEW_SECONDS, notLater, writeSnapshot } from './snapshot.ts';
import type { Transport } from './transport/transport.ts';

/** What a refresher works with; all checked. */
export interface RefresherOptions {
  readonly url: string;
  readonly transport: Transport;
  readonly timeoutSeconds: number;
  readonly maxStaleSeconds: number;
  readonly now: () => number;
  readonly seed: DatedJwks | undefined;
  readonly store: SharedStore | undefined;
  readonly onEvent: ((event: KeySetEvent) => void) | undefined;
}

/** Gets newer keys, one attempt at a time, and keeps the good ones it has when it cannot. */
export interface Refresher {
  readonly loaded: LoadedKeys | undefined;
  /** The loaded keys, or those that the first refresh will load without asking anybody. */
  readonly atHand: DatedJwks | undefined;
  readonly lastError: Error | undefined;
  readonly failures: number;
  readonly underWay: boolean;
  /** How many attempts have begun. */
  readonly attempts: number;
  /** Whether the loaded keys are Google's answer to an attempt that began when there had been so many. */
  hasAskedSince(attempts: number): boolean;
  /** How long until an attempt may be made; 0: now. */
  waitSeconds(): number;
  /** Joins the attempt under way or makes one. Never rejects: look at `failures`. */
  refresh(request: KeyRequest, wantedKid?: string): Promise<void>;
}

export function createRefresher(options: RefresherOptions): Refresher {
  const { url, now, seed, store } = options;
  const backoff = createBackoff();
  let loaded: LoadedKeys | undefined;
  let lastError: Error | undefined;
  let attempts = 0;
  let appliedAttempt = 0;
  const flight = createSingleFlight();
  const age = createAgeGauge();

  return {
    get loaded() {
      return loaded;
    },
    get atHand() {
      return loaded ?? (seed && notLater(seed, now()));
    },
    get lastError() {
      return lastError;
    },
    get failures() {
      return backoff.failures;
    },
    get underWay() {
      return flight.underWay;
    },
    get attempts() {
      return attempts;
    },
    hasAskedSince: (attempts) => appliedAttempt > attempts && loaded?.source === 'google',
    waitSeconds: () => backoff.waitSeconds(now()),
    refresh: (request, wantedKid) => flight.join(() => attempt(request, wantedKid)),
  };

  async function attempt(request: KeyRequest, wantedKid: string | undefined): Promise<void> {
    attempts += 1;
    const number = attempts;
    try {
      const { dated, source } = await newerKeys(number, request, wantedKid);
      const next = await loadKeys(dated, source, loaded);
      if (number > appliedAttempt) {
        apply(number, next, request);
      }
    } catch (error) {
      if (number > appliedAttempt) {
        lastError = asError(error);
        backoff.failed(now());
        const nextAttemptInSeconds = backoff.waitSeconds(now());
        report(request, { type: 'keys_refresh_failed', error: lastError, nextAttemptInSeconds });
      }
    }
  }

  /** Replaces the set as a whole. The late result of an older attempt never gets here. */
  function apply(number: number, next: LoadedKeys, request: KeyRequest): void {
    appliedAttempt = number;
    loaded = next;
    lastError = undefined;
    backoff.succeeded();
    if (next.source === 'google') {
      share(next, request);
    }
    const { freshForSeconds } = lifeOf(next, now(), options.maxStaleSeconds);
    report(request, { type: 'keys_refreshed', source: next.source, keyIds: [...next.keys.keys()], freshForSeconds });
  }

  async function newerKeys(number: number, request: KeyRequest, wantedKid: string | undefined): Promise<Sourced> {
    const seeded = seed && notLater(seed, now());
    if (loaded === undefined && seeded !== undefined && isFresh(seeded)) {
      return { dated: seeded, source: 'snapshot' };
    }
    const shared = await store?.read((event) => report(request, event));
    if (shared !== undefined && isNewer(shared) && isFresh(notLater(shared, now())) && hasKey(shared, wantedKid)) {
      return { dated: notLater(shared, now()), source: 'store' };
    }
    try {
      return { dated: await fetchJwks({ ...options, age }), source: 'google' };
    } catch (error) {
      await fallBackOn(number, shared, 'store');
      await fallBackOn(number, seed, 'snapshot');
      throw error;
    }
  }

  /** While Google cannot be reached, newer keys from elsewhere are welcome even if stale, within the same bound. */
  async function fallBackOn(number: number, dated: DatedJwks | undefined, source: KeysSource): Promise<void> {
    if (dated === undefined || !isNewer(dated)) {
      return;
    }
    const next = await loadKeys(notLater(dated, now()), source, loaded);
    const isUsable = phaseOf(next, now(), options.maxStaleSeconds) !== 'expired';
    // Dates alone do not tell: the clock of whoever stored the keys may be ahead.
    if (number > appliedAttempt && isUsable && isNewer(next)) {
      loaded = next;
    }
  }

  function share(dated: DatedJwks, request: KeyRequest): void {
    const ttlSeconds = Math.ceil(dated.freshForSeconds + options.maxStaleSeconds);
    const written = store?.write(writeSnapshot(url, dated), ttlSeconds, (event) => report(request, event));
    if (written !== undefined) {
      keepAlive(request, written);
    }
  }

  /** A date in the future says nothing: it must not bring back keys that Google has removed since. */
  function isNewer({ fetchedAt }: DatedJwks): boolean {
    const isCredible = fetchedAt <= now() + MAX_SKEW_SECONDS * 1000;
    return loaded === undefined || (isCredible && fetchedAt > loaded.fetchedAt);
  }

  /**
   * Fresh enough to spare the fetch. With keys at hand, for four fifths of the lifetime, since later a refresh would be
   * due at once; without, to the end, so that nobody waits for Google while there are good keys.
   */
  function isFresh(dated: DatedJwks): boolean {
    return (now() - dated.fetchedAt) / 1000 < dated.freshForSeconds * (loaded === undefined ? 1 : 0.8);
  }

  function report(request: KeyRequest, event: KeySetEvent): void {
    emit(options.onEvent, event);
    emit(request.onEvent, event);
  }
}

/** Keys, and where they came from. */
interface Sourced {
  readonly dated: DatedJwks;
  readonly source: KeysSource;
}

function hasKey(dated: DatedJwks, kid: string | undefined): boolean {
  return kid === undefined || dated.jwks.some((jwk) => jwk.kid === kid);
}
