import { GoogleIdTokenError, type GoogleIdTokenErrorCode, toRefusal } from '@id-token-guard/core';
import { describe, expect, test } from 'vitest';
import { REFUSALS } from '../../packages/core/src/errors.ts';

/** The refusal table, written out: code, status, the `error` of RFC 6750, message. */
const TABLE: [GoogleIdTokenErrorCode, number, string | undefined, string][] = [
  ['token_missing', 401, undefined, 'The request carries no Bearer token.'],
  ['request_invalid', 400, 'invalid_request', 'The request must carry exactly one Bearer token.'],
  ['token_malformed', 401, 'invalid_token', 'The token is not a signed JWT in compact form.'],
  ['algorithm_unsupported', 401, 'invalid_token', 'The token is not signed with RS256.'],
  ['key_unknown', 401, 'invalid_token', 'The token is not signed with a key that Google publishes.'],
  ['signature_removed', 401, 'invalid_token', 'The signature of the token was removed.'],
  ['signature_invalid', 401, 'invalid_token', 'The signature of the token is not valid.'],
  ['claim_invalid', 401, 'invalid_token', 'A claim of the token is missing or not valid.'],
  ['issuer_mismatch', 401, 'invalid_token', 'The token was not issued by Google Accounts.'],
  ['audience_mismatch', 401, 'invalid_token', 'The token was issued for another audience.'],
  ['token_expired', 401, 'invalid_token', 'The token has expired.'],
  ['token_not_yet_valid', 401, 'invalid_token', 'The token is not valid yet.'],
  ['caller_not_allowed', 403, 'insufficient_scope', 'The caller is not allowed.'],
  ['keys_unavailable', 503, undefined, 'The keys to verify the token with are not available. Try again later.'],
];

/** RFC 6750 §3: the characters of `error_description`; neither `"` nor `\` is among them, so nothing needs quoting. */
const ERROR_DESCRIPTION = /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/;

test('the table has a row for every code', () => {
  expect(TABLE.map(([code]) => code)).toEqual(Object.keys(REFUSALS));
});

describe.each(TABLE)('%s', (code, status, bearerError, message) => {
  const error = new GoogleIdTokenError(code, { claim: 'aud', hint: 'a hint', cause: new Error('a cause') });

  test('is an error with this status and this message', () => {
    expect(error).toMatchObject({ code, status, message });
  });

  test('becomes an answer with this status, challenge and body', () => {
    const challenges: Partial<Record<GoogleIdTokenErrorCode, object>> = {
      token_missing: { 'www-authenticate': 'Bearer realm="google-id-token"' },
      keys_unavailable: { 'retry-after': '1' },
    };

    expect(toRefusal(error)).toStrictEqual({
      status,
      headers: {
        'content-type': 'application/json',
        'cache-control': 'no-store',
        ...(challenges[code] ?? {
          'www-authenticate': `Bearer realm="google-id-token", error="${bearerError}", error_description="${message}"`,
        }),
      },
      body: `{"error":"${bearerError ?? code}","error_description":"${message}","code":"${code}"}`,
    });
  });

  test('tells the client nothing of claim, hint and cause', () => {
    const answer = JSON.stringify(toRefusal(error));

    expect(answer).not.toContain('a hint');
    expect(answer).not.toContain('a cause');
    expect(answer).not.toContain('aud"');
  });

  test('has a message in the characters that RFC 6750 allows in error_description', () => {
    expect(message).toMatch(ERROR_DESCRIPTION);
  });
});

describe('Retry-After', () => {
  // RFC 9110 §10.2.3: delay-seconds is a whole number.
  test.each([
    [undefined, '1'],
    [0, '1'],
    [0.2, '1'],
    [1, '1'],
    [1.01, '2'],
    [59.5, '60'],
    [60, '60'],
    [-5, '1'],
    [Number.NaN, '1'],
    [3601, '3600'],
    [1e21, '3600'],
    [Number.POSITIVE_INFINITY, '3600'],
  ])('for %s s is %s: whole seconds, at least one and at most an hour', (retryAfterSeconds, header) => {
    const { headers } = toRefusal(new GoogleIdTokenError('keys_unavailable', { retryAfterSeconds }));

    expect(headers['retry-after']).toBe(header);
  });

  test('stands on no other refusal', () => {
    const error = new GoogleIdTokenError('token_expired', { retryAfterSeconds: 7 });

    expect(toRefusal(error).headers).not.toHaveProperty('retry-after');
  });
});

describe('throws again, as it is, what is no refusal:', () => {
  test.each<[string, unknown]>([
    ['an error', new Error('broken')],
    ['a TypeError', new TypeError('broken')],
    ['an error with a code of ours', Object.assign(new Error('broken'), { code: 'token_expired', status: 401 })],
    ['an object that looks like a refusal', { name: 'GoogleIdTokenError', code: 'token_expired', status: 401 }],
    ['a text', 'token_expired'],
    ['undefined', undefined],
    ['null', null],
  ])('%s', (_, thrown) => {
    let again: unknown = 'nothing was thrown';
    try {
      toRefusal(thrown);
    } catch (error) {
      again = error;
    }

    expect(again).toBe(thrown);
  });
});
