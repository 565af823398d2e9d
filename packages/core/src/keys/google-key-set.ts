import { GoogleIdTokenError } from '../errors.ts';
import { emit, type KeySetEvent } from '../events.ts';
import { checkedOptions, type GoogleKeySetOptions } from './google-key-set-options.ts';
import { keepAlive } from './keep-alive.ts';
import type { KeyRequest, KeySet, KeySetSnapshot, KeySetStatus, VerificationKey } from './key-set.ts';
import { type KeysLife, lifeOf, type Phase, phaseOf } from './loaded-keys.ts';
import { withPeek } from './peek.ts';
import { createRefresher } from './refresher.ts';
import { writeSnapshot } from './snapshot.ts';
import { createTokenBucket } from './token-bucket.ts';

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

  return withPeek({ get, preload, status, snapshot }, peek);

  async function preload(): Promise<void> {
    await haveKeys({});
  }

  async function get(kid: string, request: KeyRequest = {}): Promise<VerificationKey | undefined> {
    const asked = await haveKeys(request);
    // Keys that Google sent on behalf of this request need not be fetched again to know that they lack one.
    const isNews = asked && refresher.failures === 0 && refresher.loaded?.source === 'google';
    const key = keyOf(kid) ?? (isNews ? undefined : await findUnknown(kid, request));
    if (key !== undefined && refresher.loaded !== undefined && phase() === 'stale') {
      reportStaleUse(kid, lifeOf(refresher.loaded, now(), maxStaleSeconds), request);
    }
    return key;
  }

  function peek(kid: string): VerificationKey | undefined {
    return phase() === 'fresh' ? keyOf(kid) : undefined;
  }

  /** Resolves to whether this request has made an attempt and waited for it. */
  async function haveKeys(request: KeyRequest): Promise<boolean> {
    const current = phase();
    if (current === 'fresh') {
      return false;
    }
    // With good keys at hand nobody waits, unless they are stale and nothing tells yet that Google is down.
    const waits = !(current === 'due' || (current === 'stale' && refresher.failures > 0));
    const joins = refresher.underWay;
    if (joins ? waits : refresher.waitSeconds() === 0) {
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
    return waits && !joins;
  }

  async function findUnknown(kid: string, request: KeyRequest): Promise<VerificationKey | undefined> {
    const who = request.unknownKid?.() ?? 'implausible';
    if (who === 'implausible') {
      return undefined;
    }
    // A refresh that is under way may have begun before the key was published; then one more is worth its cost.
    const isOld = refresher.underWay;
    const found = await refreshFor(kid, who, request);
    return found ?? (isOld ? refreshFor(kid, who, request) : undefined);
  }

  async function refreshFor(
    kid: string,
    who: 'stranger' | 'familiar',
    request: KeyRequest,
  ): Promise<VerificationKey | undefined> {
    const joins = refresher.underWay;
    if (!joins && refresher.waitSeconds() > 0) {
      throw unavailable();
    }
    if (!joins && !unknownKidFetches.take(who, now())) {
      return undefined;
    }
    await refresher.refresh(request, kid);
    const key = keyOf(kid);
    // A failed attempt is bounded by the back-off already; one that found the key was no flood.
    if (!joins && (refresher.failures > 0 || key !== undefined)) {
      unknownKidFetches.giveBack();
    }
    if (refresher.failures > 0) {
      throw unavailable();
    }
    return key;
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

  function unavailable(): GoogleIdTokenError {
    const retryAfterSeconds = Math.max(1, Math.ceil(refresher.waitSeconds()));
    return new GoogleIdTokenError('keys_unavailable', {
      hint: `The keys could not be fetched from ${url}: ${reasonOf(refresher.lastError)} Good tokens cannot be told from bad ones until that works.`,
      retryAfterSeconds,
      cause: refresher.lastError,
    });
  }
}

/** A failed fetch says what it was in its cause, as `ECONNREFUSED`. */
function reasonOf(error: Error | undefined): string {
  const code = (error?.cause as { code?: unknown } | undefined)?.code;
  const message = `${error?.message}`;
  return typeof code === 'string' ? `${message} (${code}).` : message.replace(/[^.]$/, '$&.');
}

function isUsable(phase: Phase): boolean {
  return phase === 'fresh' || phase === 'due' || phase === 'stale';
}
