/*
 * A token that was good and is remembered, and a world that has changed since. Only Web APIs and core by its published
 * name, since the conformance suite runs it on every runtime.
 */
import {
  createGoogleKeySet,
  type GoogleIdTokenErrorCode,
  type GoogleIdTokenVerifierOptions,
} from '@id-token-guard/core';

/** What a verdict hangs on. */
export interface Moment {
  /** In seconds since the epoch. */
  readonly now: number;
  /** The document at the key URL; left out: it answers 503. */
  readonly jwks?: string;
  readonly audience: string;
  /** The e-mail of the one service account that may call. */
  readonly caller: string;
}

/** As JSON, so that it can be made in one runtime and tried in another. */
export interface RememberedToken {
  readonly name: string;
  /** Good, and seen at `then`. */
  readonly token: string;
  /** What comes at `later`: the same token, or one that resembles it. */
  readonly attempt: string;
  /** What the attempt must be refused with. */
  readonly code: GoogleIdTokenErrorCode;
  readonly then: Moment;
  readonly later: Moment;
}

/** How long stale keys are used, short enough for an outage to outlast it while tokens live. In seconds. */
const MAX_STALE_SECONDS = 600;

export interface World {
  /** Options of a guard in this world. */
  readonly options: GoogleIdTokenVerifierOptions;
  /** From `then` to `later`. */
  moveOn(): void;
}

export function createWorld({ then, later }: RememberedToken): World {
  let moment = then;
  const now = () => moment.now * 1000;
  // Without Cache-Control: the keys are fresh for five minutes.
  const fetch = async () =>
    moment.jwks === undefined ? new Response(null, { status: 503 }) : new Response(moment.jwks);
  return {
    options: {
      audience: (aud) => aud === moment.audience,
      callers: ({ claims }) => (claims.email === moment.caller && claims.email_verified === true) || 'Not on the list.',
      keys: createGoogleKeySet({ fetch, now, maxStaleSeconds: MAX_STALE_SECONDS }),
      now,
    },
    moveOn() {
      moment = later;
    },
  };
}
