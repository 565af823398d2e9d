/**
 * Why a request was refused. The codes are stable: switch on them, never on messages.
 *
 * What each one means, and when it is given, is in {@link GoogleIdTokenError}.
 */
export type GoogleIdTokenErrorCode =
  | 'token_missing'
  | 'request_invalid'
  | 'token_malformed'
  | 'algorithm_unsupported'
  | 'key_unknown'
  | 'signature_removed'
  | 'signature_invalid'
  | 'claim_invalid'
  | 'issuer_mismatch'
  | 'audience_mismatch'
  | 'token_expired'
  | 'token_not_yet_valid'
  | 'caller_not_allowed'
  | 'keys_unavailable';

/** The error codes of RFC 6750 §3.1, as they stand in the challenge. */
export type BearerError = 'invalid_request' | 'invalid_token' | 'insufficient_scope';

/** One row of the refusal table: what the caller of the service is told. */
export interface RefusalRow {
  readonly status: 400 | 401 | 403 | 503;
  /** `undefined`: RFC 6750 wants no error code, or no challenge, here. */
  readonly bearerError: BearerError | undefined;
  /** A constant sentence in the characters that RFC 6750 §3 allows in `error_description`. */
  readonly message: string;
}

/** The refusal table. Status numbers and messages stand here and nowhere else. */
export const REFUSALS: Readonly<Record<GoogleIdTokenErrorCode, RefusalRow>> = {
  token_missing: row(401, undefined, 'The request carries no Bearer token.'),
  request_invalid: row(400, 'invalid_request', 'The request must carry exactly one Bearer token.'),
  token_malformed: row(401, 'invalid_token', 'The token is not a signed JWT in compact form.'),
  algorithm_unsupported: row(401, 'invalid_token', 'The token is not signed with RS256.'),
  key_unknown: row(401, 'invalid_token', 'The token is not signed with a key that Google publishes.'),
  signature_removed: row(401, 'invalid_token', 'The signature of the token was removed.'),
  signature_invalid: row(401, 'invalid_token', 'The signature of the token is not valid.'),
  claim_invalid: row(401, 'invalid_token', 'A claim of the token is missing or not valid.'),
  issuer_mismatch: row(401, 'invalid_token', 'The token was not issued by Google Accounts.'),
  audience_mismatch: row(401, 'invalid_token', 'The token was issued for another audience.'),
  token_expired: row(401, 'invalid_token', 'The token has expired.'),
  token_not_yet_valid: row(401, 'invalid_token', 'The token is not valid yet.'),
  caller_not_allowed: row(403, 'insufficient_scope', 'The caller is not allowed.'),
  keys_unavailable: row(503, undefined, 'The keys to verify the token with are not available. Try again later.'),
};

function row(status: RefusalRow['status'], bearerError: BearerError | undefined, message: string): RefusalRow {
  return { status, bearerError, message };
}

/** What an error may say beyond its code; none of it is meant for the caller of the service. */
export interface GoogleIdTokenErrorDetails {
  /** The name of the claim at fault. */
  readonly claim?: string | undefined;
  /** For the operator's log: expected and actual value, the likely mistake, the fix. */
  readonly hint?: string | undefined;
  /** When another attempt may succeed. In seconds, at least 1. */
  readonly retryAfterSeconds?: number | undefined;
  /** What went wrong underneath. */
  readonly cause?: unknown;
}

/**
 * A stack trace costs more than all checks of a malformed token together, anybody can cause one, and it always leads
 * into this package. While an error is made that nobody traces, the engine is told to spare it, where it listens.
 */
export function pauseStackTraces(): () => void {
  const { value: limit, writable } = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit') ?? {};
  if (!writable) {
    return () => {};
  }
  const engine = Error as { stackTraceLimit?: unknown };
  engine.stackTraceLimit = 0;
  return () => {
    engine.stackTraceLimit = limit;
  };
}

// In the global symbol registry, so that two copies of this package know each other's errors.
const BRAND = Symbol.for('id-token-guard.GoogleIdTokenError');

/**
 * The one error that verification throws for a bad token, a caller that is not allowed, or keys that cannot be had.
 *
 * It has no stack trace: that a token was refused in this package is all that one would tell.
 *
 * `message` is one constant sentence per code, safe to send to anybody. `hint` is for the operator: it may name
 * audience, issuer and e-mail values, never another part of the token, and must not be sent to the client.
 *
 * | code | status | when |
 * | --- | --- | --- |
 * | `token_missing` | 401 | no Bearer credential in the chosen header |
 * | `request_invalid` | 400 | `Bearer` without a token, extra words, a comma, two headers |
 * | `token_malformed` | 401 | not a compact JWS with a JSON header and payload and a `kid`, or longer than 16 KiB |
 * | `algorithm_unsupported` | 401 | `alg` is not exactly `RS256` |
 * | `key_unknown` | 401 | Google publishes no usable key with that `kid` |
 * | `signature_removed` | 401 | Cloud Run replaced the signature by a marker |
 * | `signature_invalid` | 401 | the signature does not verify |
 * | `claim_invalid` | 401 | a needed claim is missing or of the wrong type, or the token lives too long |
 * | `issuer_mismatch` | 401 | `iss` is not Google Accounts |
 * | `audience_mismatch` | 401 | `aud` is not one of ours |
 * | `token_expired` | 401 | `exp` has passed |
 * | `token_not_yet_valid` | 401 | `iat` or `nbf` lies ahead |
 * | `caller_not_allowed` | 403 | no caller rule says yes |
 * | `keys_unavailable` | 503 | Google's keys cannot be had, or not yet asked for this one; see `retryAfterSeconds` |
 */
export class GoogleIdTokenError extends Error {
  override readonly name: string = 'GoogleIdTokenError';
  /** Why the request was refused. */
  readonly code: GoogleIdTokenErrorCode;
  /** The HTTP status that fits: 400, 401, 403 or 503. */
  readonly status: 400 | 401 | 403 | 503;
  /** The name of the claim at fault, where there is one. */
  readonly claim: string | undefined;
  /** For the operator's log only: what was expected, what came, and the fix. */
  readonly hint: string | undefined;
  /** With `keys_unavailable`: when another attempt may succeed, in seconds. */
  readonly retryAfterSeconds: number | undefined;

  /** Made by this library; your own code has no need to make one, except to test an `onRefused`. */
  constructor(code: GoogleIdTokenErrorCode, details: GoogleIdTokenErrorDetails = {}) {
    const { message, status } = REFUSALS[code];
    const options = details.cause === undefined ? undefined : { cause: details.cause };
    // From here on nothing may throw: the stack traces of the whole process are off.
    const restore = pauseStackTraces();
    super(message, options);
    restore();
    this.code = code;
    this.status = status;
    this.claim = details.claim;
    this.hint = details.hint;
    this.retryAfterSeconds = details.retryAfterSeconds;
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** What may be sent to anybody: a handler that answers with the error as JSON must not send the hint. */
  toJSON(): { name: string; code: GoogleIdTokenErrorCode; status: number; message: string } {
    return { name: this.name, code: this.code, status: this.status, message: this.message };
  }
}

/**
 * Tells whether a value is a {@link GoogleIdTokenError}, also one thrown by another copy of this package.
 *
 * An error with a code that this copy does not know is not recognised, so that it becomes a 500 and not a wrong answer.
 */
export function isGoogleIdTokenError(value: unknown): value is GoogleIdTokenError {
  return (
    value instanceof Error && Object.hasOwn(value, BRAND) && Object.hasOwn(REFUSALS, (value as GoogleIdTokenError).code)
  );
}
