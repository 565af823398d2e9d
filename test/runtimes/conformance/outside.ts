import type { GoogleIdTokenErrorCode } from '@id-token-guard/core';

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
  readonly families: readonly HostileFamily[];
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
}
