/*
 * What the server of the page answers. Types only.
 */
import type { GoogleIdTokenErrorCode } from '@id-token-guard/core';
import type { ExplainedCheck } from '@id-token-guard/core/explain';

type JsonObject = Readonly<Record<string, unknown>>;

/** Of `POST /page/mint`. */
export interface MintAnswer {
  readonly token: string;
  /** What the token says, also where it has been tampered with. */
  readonly header: JsonObject;
  readonly claims: JsonObject;
  /** The request that the sender makes. */
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
  };
  /** The same for a shell. */
  readonly curl: string;
}

/** Of `POST /page/explain`. */
export interface ExplainAnswer {
  readonly accepted: boolean;
  readonly checks: readonly ExplainedCheck[];
  /** What a guarded service answers; left out where no check failed. */
  readonly refusal?: { readonly status: number; readonly code: GoogleIdTokenErrorCode; readonly message: string };
}

/** Of both with status 400: which field is wrong, and why. */
export interface Problem {
  readonly field: string;
  readonly error: string;
}
