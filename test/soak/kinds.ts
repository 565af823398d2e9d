/*
 * What is sent, and what must come back. Written out: nothing here is computed from the code under test.
 */
import type { GoogleIdTokenErrorCode } from '@id-token-guard/core';

/** What a request got: the handler's answer, or a refusal. */
export type Outcome = 'accepted' | GoogleIdTokenErrorCode;

export type Kind = keyof typeof KINDS;

interface KindOfRequest {
  /** What comes back from a service that has Google's keys. */
  readonly expected: Outcome;
  /**
   * What the answer depends on beside the request. `nothing`: it is the same without any keys. `keys`: the rest of the
   * token would not pass, so an unknown key id costs no fetch. `fetch`: a key that is not known may be fetched for it.
   */
  readonly needs: 'nothing' | 'keys' | 'fetch';
  /** Of all requests, so many parts. */
  readonly parts: number;
}

export const KINDS = {
  repeated: { expected: 'accepted', needs: 'fetch', parts: 36 },
  fresh: { expected: 'accepted', needs: 'fetch', parts: 16 },
  newcomer: { expected: 'accepted', needs: 'fetch', parts: 4 },
  // Sent only while the schedule says so.
  withdrawn: { expected: 'accepted', needs: 'fetch', parts: 0 },
  unknownKid: { expected: 'key_unknown', needs: 'fetch', parts: 0 },
  expiredUnknownKid: { expected: 'key_unknown', needs: 'keys', parts: 3 },
  forged: { expected: 'signature_invalid', needs: 'fetch', parts: 6 },
  expired: { expected: 'token_expired', needs: 'keys', parts: 5 },
  outlived: { expected: 'token_expired', needs: 'keys', parts: 5 },
  otherAudience: { expected: 'audience_mismatch', needs: 'keys', parts: 5 },
  otherCaller: { expected: 'caller_not_allowed', needs: 'fetch', parts: 5 },
  nothing: { expected: 'token_missing', needs: 'nothing', parts: 3 },
  twoTokens: { expected: 'request_invalid', needs: 'nothing', parts: 3 },
  noise: { expected: 'token_malformed', needs: 'nothing', parts: 4 },
  cutShort: { expected: 'token_malformed', needs: 'nothing', parts: 3 },
  unsigned: { expected: 'algorithm_unsupported', needs: 'nothing', parts: 2 },
} as const satisfies Record<string, KindOfRequest>;

/** A request that the documents call good. Of a withdrawn key, a token is neither good nor bad until the next refresh. */
export function isGood(kind: Kind): boolean {
  return kind !== 'withdrawn' && KINDS[kind].expected === 'accepted';
}

/** A request that must never reach the handler. */
export function isBad(kind: Kind): boolean {
  return KINDS[kind].expected !== 'accepted';
}

/** The refusal table of design and README. */
export const STATUS: Readonly<Record<Outcome, number>> = {
  accepted: 200,
  token_missing: 401,
  request_invalid: 400,
  token_malformed: 401,
  algorithm_unsupported: 401,
  key_unknown: 401,
  signature_removed: 401,
  signature_invalid: 401,
  claim_invalid: 401,
  issuer_mismatch: 401,
  audience_mismatch: 401,
  token_expired: 401,
  token_not_yet_valid: 401,
  caller_not_allowed: 403,
  keys_unavailable: 503,
};
