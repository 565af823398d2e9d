import type { GoogleIdTokenErrorCode } from '@id-token-guard/core';
import { expect } from 'vitest';
import type { Answer } from './raw-http.ts';
import type { Service } from './service.ts';

/** What stands on the wire. */
export interface ExpectedRefusal {
  readonly status: number;
  /** The value of `WWW-Authenticate`; `undefined`: the header is not there. */
  readonly challenge: string | undefined;
  readonly body: string;
}

/**
 * Every answer to a refused request, written out: nothing here is computed from the code under test, and every adapter
 * is held against the same bytes.
 */
export const REFUSAL_TABLE: Readonly<Record<GoogleIdTokenErrorCode, ExpectedRefusal>> = {
  token_missing: {
    status: 401,
    challenge: 'Bearer realm="google-id-token"',
    body: '{"error":"token_missing","error_description":"The request carries no Bearer token.","code":"token_missing"}',
  },
  request_invalid: {
    status: 400,
    challenge:
      'Bearer realm="google-id-token", error="invalid_request", error_description="The request must carry exactly one Bearer token."',
    body: '{"error":"invalid_request","error_description":"The request must carry exactly one Bearer token.","code":"request_invalid"}',
  },
  token_malformed: {
    status: 401,
    challenge:
      'Bearer realm="google-id-token", error="invalid_token", error_description="The token is not a signed JWT in compact form."',
    body: '{"error":"invalid_token","error_description":"The token is not a signed JWT in compact form.","code":"token_malformed"}',
  },
  algorithm_unsupported: {
    status: 401,
    challenge:
      'Bearer realm="google-id-token", error="invalid_token", error_description="The token is not signed with RS256."',
    body: '{"error":"invalid_token","error_description":"The token is not signed with RS256.","code":"algorithm_unsupported"}',
  },
  key_unknown: {
    status: 401,
    challenge:
      'Bearer realm="google-id-token", error="invalid_token", error_description="The token is not signed with a key that Google publishes."',
    body: '{"error":"invalid_token","error_description":"The token is not signed with a key that Google publishes.","code":"key_unknown"}',
  },
  signature_removed: {
    status: 401,
    challenge:
      'Bearer realm="google-id-token", error="invalid_token", error_description="The signature of the token was removed."',
    body: '{"error":"invalid_token","error_description":"The signature of the token was removed.","code":"signature_removed"}',
  },
  signature_invalid: {
    status: 401,
    challenge:
      'Bearer realm="google-id-token", error="invalid_token", error_description="The signature of the token is not valid."',
    body: '{"error":"invalid_token","error_description":"The signature of the token is not valid.","code":"signature_invalid"}',
  },
  claim_invalid: {
    status: 401,
    challenge:
      'Bearer realm="google-id-token", error="invalid_token", error_description="A claim of the token is missing or not valid."',
    body: '{"error":"invalid_token","error_description":"A claim of the token is missing or not valid.","code":"claim_invalid"}',
  },
  issuer_mismatch: {
    status: 401,
    challenge:
      'Bearer realm="google-id-token", error="invalid_token", error_description="The token was not issued by Google Accounts."',
    body: '{"error":"invalid_token","error_description":"The token was not issued by Google Accounts.","code":"issuer_mismatch"}',
  },
  audience_mismatch: {
    status: 401,
    challenge:
      'Bearer realm="google-id-token", error="invalid_token", error_description="The token was issued for another audience."',
    body: '{"error":"invalid_token","error_description":"The token was issued for another audience.","code":"audience_mismatch"}',
  },
  token_expired: {
    status: 401,
    challenge: 'Bearer realm="google-id-token", error="invalid_token", error_description="The token has expired."',
    body: '{"error":"invalid_token","error_description":"The token has expired.","code":"token_expired"}',
  },
  token_not_yet_valid: {
    status: 401,
    challenge: 'Bearer realm="google-id-token", error="invalid_token", error_description="The token is not valid yet."',
    body: '{"error":"invalid_token","error_description":"The token is not valid yet.","code":"token_not_yet_valid"}',
  },
  caller_not_allowed: {
    status: 403,
    challenge:
      'Bearer realm="google-id-token", error="insufficient_scope", error_description="The caller is not allowed."',
    body: '{"error":"insufficient_scope","error_description":"The caller is not allowed.","code":"caller_not_allowed"}',
  },
  keys_unavailable: {
    status: 503,
    challenge: undefined,
    body: '{"error":"keys_unavailable","error_description":"The keys to verify the token with are not available. Try again later.","code":"keys_unavailable"}',
  },
};

/** The answer is the refusal with this code, byte for byte, and the handler did not run. */
export function expectRefused(service: Service, { status, headers, body }: Answer, code: GoogleIdTokenErrorCode): void {
  const expected = REFUSAL_TABLE[code];
  expect({
    status,
    challenge: headers['www-authenticate'],
    contentType: headers['content-type'],
    cacheControl: headers['cache-control'],
    retryAfter: headers['retry-after'],
    body,
  }).toStrictEqual({
    ...expected,
    contentType: 'application/json',
    cacheControl: 'no-store',
    retryAfter: code === 'keys_unavailable' ? expect.stringMatching(/^[1-9]\d*$/) : undefined,
  });
  expect(service.handled).toEqual([]);
  expect(service.failures).toEqual([]);
}
