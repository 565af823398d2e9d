import { GoogleIdTokenError } from '../errors.ts';
import { emit, type KeySetEvent } from '../events.ts';
import { createFetchRations } from './fetch-rations.ts';
import { checkedOptions, type GoogleKeySetOptions } from './google-key-set-options.ts';
import { keepAlive } from './keep-alive.ts';
import type { KeyRequest, KeySet, KeySetSnapshot, KeySetStatus, VerificationKey } from './key-set.ts';
import { areFresh, type KeysLife, lifeOf, type Phase, phaseOf } from './loaded-keys.ts';
import { createMissingKids } from './missing-kids.ts';
import { withPeek } from './peek.ts';
import { createRefresher } from './refresher.ts';
import { writeSnapshot } from './snapshot.ts';

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
  const rations = createFetchRations();
  const missing = createMissingKids();

  return withPeek({ get, preload, status, snapshot }, peek);

  async function preload(): Promise<void> {
    await haveKeys({});
  }

  async function get(kid: string, request: KeyRequest = {}): Promise<VerificationKey | undefined> {
    const arrival = refresher.attempts;
    await haveKeys(request);
    const key = keyOf(kid) ?? (await findUnknown(kid, request, arrival));
    if (key !== undefined && refresher.loaded !== undefined && phase() === 'stale') {
      reportStaleUse(kid, lifeOf(refresher.loaded, now(), maxStaleSeconds), request);
    }
    return key;
  }

  function peek(kid: string): VerificationKey | undefined {
    const { loaded } = refresher;
    return loaded !== undefined && areFresh(loaded, now()) ? loaded.keys.get(kid) : undefined;
  }

  async function haveKeys(request: KeyRequest): Promise<void> {
    const current = phase();
    if (current === 'fresh') {
      return;
    }
    // With good keys at hand nobody waits, unless they are stale and nothing tells yet that Google is down.
    const waits = !(current === 'due' || (current === 'stale' && refresher.failures > 0));
    if (refresher.underWay ? waits : refresher.waitSeconds() === 0) {
      const refreshed = refresher.refresh(request);
      // Even if it waits: others wait for the same keys, and this request may be cancelled.
      keepAlive(request, refreshed);
      if (waits) {
        await refreshed;
      }
    }
    if (!isUsable(phase())) {
      throw unavailable();
    }
  }

  /**
   * "There is no such key" is said only of keys that Google sent after this request had come, or of a token that no key
   * would help. An older set may lack a key that is good, and then the sender should try again.
   */
  async function findUnknown(kid: string, request: KeyRequest, arrival: number): Promise<VerificationKey | undefined> {
    if (refresher.hasAskedSince(arrival)) {
      return undefined;
    }
    const who = request.unknownKid?.() ?? 'implausible';
    if (who === 'implausible' || (who === 'stranger' && missing.has(kid, now()))) {
      return undefined;
    }
    if (refresher.underWay) {
      await refresher.refresh(request, kid);
    }
    if (keyOf(kid) === undefined && !refresher.hasAskedSince(arrival)) {
      await fetchFor(kid, who, request);
    }
    const key = keyOf(kid);
    if (key === undefined && !refresher.hasAskedSince(arrival)) {
      throw unavailable();
    }
    return key;
  }

  async function fetchFor(kid: string, who: 'stranger' | 'familiar', request: KeyRequest): Promise<void> {
    if (refresher.underWay) {
      return refresher.refresh(request, kid);
    }
    const askedAt = now();
    const wait = refresher.waitSeconds() || rations.take(request.owner, who, askedAt);
    if (wait > 0) {
      throw unavailable(wait);
    }
    await refresher.refresh(request, kid);
    if (refresher.failures > 0 || keyOf(kid) !== undefined) {
      // A failed attempt is bounded by the back-off already; one that found the key was no flood.
      rations.giveBack(request.owner);
    } else {
      missing.add(kid, askedAt);
    }
  }

  function status(): KeySetStatus {
    const { atHand, lastError } = refresher;
    const current = phaseOf(atHand, now(), maxStaleSeconds);
    return {
      state: current === 'due' ? 'fresh' : current,
      usable: isUsable(current),
      keyIds: atHand?.jwks.map((jwk) => jwk.kid) ?? [],
      ...(atHand && lifeOf(atHand, now(), maxStaleSeconds)),
      ...(lastError && { lastError, nextAttemptInSeconds: refresher.waitSeconds() }),
    };
  }

  function snapshot(): KeySetSnapshot | undefined {
    return refresher.atHand && writeSnapshot(url, refresher.atHand);
  }

  function keyOf(kid: string): VerificationKey | undefined {
    return refresher.loaded?.keys.get(kid);
  }

  function phase(): Phase {
    return phaseOf(refresher.loaded, now(), maxStaleSeconds);
  }

  function reportStaleUse(kid: string, { freshForSeconds, usableForSeconds }: KeysLife, request: KeyRequest): void {
    const event: KeySetEvent = { type: 'keys_stale_used', kid, staleForSeconds: -freshForSeconds, usableForSeconds };
    emit(checked.onEvent, event);
    emit(request.onEvent, event);
  }

  function unavailable(waitSeconds: number = refresher.waitSeconds()): GoogleIdTokenError {
    const retryAfterSeconds = Math.max(1, Math.ceil(waitSeconds));
    const { lastError } = refresher;
    const hint =
      lastError === undefined
        ? `The token names a key that is not in the set as last fetched. Fetches for unknown keys are rationed: the next may be in ${retryAfterSeconds} s.`
        : `The keys could not be fetched from ${url}: ${reasonOf(lastError)} Good tokens cannot be told from bad ones until that works.`;
    return new GoogleIdTokenError('keys_unavailable', { hint, retryAfterSeconds, cause: lastError });
  }
}

/** A failed fetch says what it was in its cause, or in the cause of that, as where a proxy answers 407. */
function reasonOf(error: Error): string {
  let last: { readonly message?: unknown; readonly code?: unknown; readonly cause?: unknown } = error;
  for (let depth = 0; depth < 5 && typeof last.cause === 'object' && last.cause !== null; depth += 1) {
    last = last.cause;
  }
  // Where both addresses of a host refuse, that is an error without a message.
  const texts = [error.message, last.message].filter((text) => typeof text === 'string' && text !== '');
  const reason = [...new Set(texts)].join(': ').replace(/\.(?=:|$)/g, '');
  const code = typeof last.code === 'string' && !reason.includes(last.code) ? ` (${last.code})` : '';
  return `${reason}${code}.`;
}

function isUsable(phase: Phase): boolean {
  return phase === 'fresh' || phase === 'due' || phase === 'stale';
}
