import type { GoogleIdTokenErrorCode } from './errors.ts';
import { ignoreRejection } from './thrown.ts';
import type { Caller } from './token.ts';

/** What happens in a guard, for logs and metrics. Switch on `type`. No event carries a token. */
export type GuardEvent = TokenAcceptedEvent | TokenAbsentEvent | TokenRefusedEvent | KeySetEvent;

/** A token passed all checks. */
export interface TokenAcceptedEvent {
  readonly type: 'token_accepted';
  /** The id of the key that signed the token. */
  readonly kid: string;
  readonly caller: Caller;
  /** The signature had been verified before; only time, audience, key and caller were checked again. */
  readonly fromCache: boolean;
}

/** A request without any credential went on without a token: the guard is `optional`. */
export interface TokenAbsentEvent {
  readonly type: 'token_absent';
}

/** A request was refused. */
export interface TokenRefusedEvent {
  readonly type: 'token_refused';
  readonly code: GoogleIdTokenErrorCode;
  readonly claim?: string;
  /** What was expected, what came, and the fix. For the operator only. */
  readonly hint?: string;
  /** The id of the key that the token names, if it could be read; anybody can write one, so it is left out unless it looks like one of Google's. */
  readonly kid?: string;
}

/** What happens in a key set. */
export type KeySetEvent = KeysRefreshedEvent | KeysRefreshFailedEvent | KeysStaleUsedEvent | KeysStoreFailedEvent;

/** The keys were replaced by a newer set. */
export interface KeysRefreshedEvent {
  readonly type: 'keys_refreshed';
  readonly source: 'google' | 'store' | 'snapshot';
  readonly keyIds: readonly string[];
  /** How long the keys are fresh from now on. */
  readonly freshForSeconds: number;
}

/** Google's keys could not be had. Good keys stay in use. */
export interface KeysRefreshFailedEvent {
  readonly type: 'keys_refresh_failed';
  readonly error: Error;
  /** When a request may cause the next attempt. */
  readonly nextAttemptInSeconds: number;
}

/** A key was used past its freshness because no refresh has succeeded since. */
export interface KeysStaleUsedEvent {
  readonly type: 'keys_stale_used';
  readonly kid: string;
  /** How long the keys have been stale. */
  readonly staleForSeconds: number;
  /** How long they may still be used. */
  readonly usableForSeconds: number;
}

/** The shared store failed, or gave something that is not a usable key set. Verification goes on without it. */
export interface KeysStoreFailedEvent {
  readonly type: 'keys_store_failed';
  readonly operation: 'get' | 'set';
  /**
   * With `get`: what the store gave that is not a usable key set. `nothing`: it failed, did not answer in time, or has
   * lost what was put there. `bytes` and `object` are no faults as such: they may be key sets, too.
   */
  readonly gave?: 'text' | 'bytes' | 'object' | 'nothing' | 'other';
  readonly error: Error;
}

/** Hands an event to a listener; what the listener throws or rejects with is its own affair. */
export function emit<E>(listener: ((event: E) => unknown) | undefined, event: E): void {
  try {
    ignoreRejection(listener?.(event));
  } catch {
    // A broken listener must not break verification.
  }
}
