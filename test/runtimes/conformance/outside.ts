import type { GoogleIdTokenErrorCode } from '@id-token-guard/core';
import type { RememberedToken } from '../../core/hostile/remembered-world.ts';

/** What the suite is given as JSON from outside, since no runtime can make it by Web APIs alone. */
export interface Outside {
  readonly hostile: Hostile;
  readonly keyServer: KeyServer;
}

/** The catalogue of hostile inputs, forged beforehand. */
export interface Hostile {
  readonly audience: string;
  /** The e-mail of the one service account that may call. */
  readonly caller: string;
  /** The time that the tokens were made for. In seconds since the epoch. */
  readonly now: number;
  /** The document at the key URL, as text: some of its keys are odd. */
  readonly jwks: string;
  /** A token with nothing odd about it, for the guard to remember before anything hostile comes. */
  readonly good: string;
  readonly families: readonly HostileFamily[];
  /** Tokens that are remembered and must not be let in any more. */
  readonly remembered: readonly RememberedToken[];
  /** Odd, legal and good. */
  readonly accepted: readonly ForgedInput[];
}

export interface HostileFamily {
  readonly name: string;
  readonly inputs: readonly (ForgedInput & { readonly code: GoogleIdTokenErrorCode })[];
}

export interface ForgedInput {
  readonly name: string;
  /** The `Authorization` header: absent, once, or several times. */
  readonly authorization?: string | readonly string[] | undefined;
}

/** A server on loopback that publishes keys in good and bad ways. */
export interface KeyServer {
  /** Without a slash at the end. */
  readonly url: string;
  /** Signed with the key that is published. */
  readonly token: string;
  /** Where it answers with anything but a key set. */
  readonly badAnswers: readonly BadAnswer[];
}

export interface BadAnswer {
  readonly name: string;
  readonly path: string;
  /** It goes on until the client gives up. */
  readonly endless: boolean;
}
