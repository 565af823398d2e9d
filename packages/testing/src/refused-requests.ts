import { GoogleIdTokenError, type GoogleIdTokenErrorCode } from '@id-token-guard/core';
import { decodeJwt } from 'jose';
import type { FakeGoogle } from './fake-google.ts';
import type { JwksAnswer } from './jwks-answer.ts';

/** What the hostile requests are made for. */
export interface RefusedRequestsOptions {
  /** The audience that your service accepts. */
  readonly audience: string;
  /** Claims of a caller that your service accepts, so that each request fails for its own reason only. */
  readonly claims?: { readonly [claim: string]: unknown };
  /** The header that your service reads. @default 'authorization' */
  readonly header?: 'authorization' | 'x-serverless-authorization';
}

/** A request that a guarded service must refuse, and how. */
export interface RefusedRequest {
  readonly code: GoogleIdTokenErrorCode;
  readonly status: 400 | 401 | 403 | 503;
  /** For the name of a test. */
  readonly title: string;
  readonly headers: Readonly<Record<string, string>>;
  /** How Google must answer requests for its keys meanwhile: pass it to `google.answerWith`. */
  readonly jwks: JwksAnswer;
}

interface Hostile {
  readonly title: string;
  readonly jwks?: JwksAnswer;
  /** The value of the header; `undefined`: no header. */
  make(): Promise<string> | string | undefined;
}

/**
 * Makes one hostile request per error code, in the order of the refusal table.
 *
 * `caller_not_allowed` comes from a stranger: a service that lets any caller pass accepts it. `keys_unavailable` needs
 * `google.answerWith(request.jwks)` before it, and comes last because the guard then waits before it asks again.
 */
export async function refusedRequests(google: FakeGoogle, options: RefusedRequestsOptions): Promise<RefusedRequest[]> {
  const { header = 'authorization' } = options;
  // The clock of this Google is that of its tokens, which need not be the one of this machine.
  const { iat: now = 0 } = decodeJwt(await google.idToken({ aud: options.audience }));
  const requests: RefusedRequest[] = [];
  const all = Object.entries(hostileRequests(google, options, now)) as [GoogleIdTokenErrorCode, Hostile][];
  for (const [code, hostile] of all) {
    const value = await hostile.make();
    requests.push({
      code,
      status: new GoogleIdTokenError(code).status,
      title: hostile.title,
      headers: value === undefined ? {} : { [header]: value },
      jwks: hostile.jwks ?? 'ok',
    });
  }
  return requests;
}

function hostileRequests(
  google: FakeGoogle,
  options: RefusedRequestsOptions,
  now: number,
): Record<GoogleIdTokenErrorCode, Hostile> {
  const good = { ...options.claims, aud: options.audience };
  const token = (claims: object, header?: Record<string, unknown>) => google.idToken({ ...good, ...claims }, header);
  const bearer = async (claims: object, header?: Record<string, unknown>) => `Bearer ${await token(claims, header)}`;
  const expired = { iat: now - 7200, exp: now - 3600 };
  const unpublishedKid = '0123456789abcdef0123456789abcdef01234567';
  return {
    token_missing: { title: 'no token', make: () => undefined },
    request_invalid: { title: 'the scheme without a token', make: () => 'Bearer' },
    token_malformed: {
      title: 'a token cut short',
      make: async () => (await bearer({})).replace(/\.[^.]*$/, ''),
    },
    algorithm_unsupported: {
      title: 'a token without signature ("alg": "none")',
      make: async () => (await bearer({}, { alg: 'none' })).replace(/[^.]*$/, ''),
    },
    key_unknown: {
      title: 'a token signed with an unpublished key',
      // Expired as well, so that the guard knows without asking Google again, and other tests keep their fetches.
      make: () => bearer(expired, { kid: unpublishedKid }),
    },
    signature_removed: {
      title: 'a token whose signature Cloud Run removed',
      make: async () => (await bearer({})).replace(/[^.]*$/, 'SIGNATURE_REMOVED_BY_GOOGLE'),
    },
    signature_invalid: {
      title: 'a token whose claims were changed after signing',
      make: async () => {
        const [[header, , signature], [, claims]] = [
          (await token({})).split('.'),
          (await token({ changed: true })).split('.'),
        ];
        return `Bearer ${header}.${claims}.${signature}`;
      },
    },
    claim_invalid: { title: 'a token without subject', make: () => bearer({ sub: undefined }) },
    issuer_mismatch: {
      title: 'a token of another issuer',
      make: () => bearer({ iss: 'https://accounts.example.com' }),
    },
    audience_mismatch: {
      title: 'a token for another service',
      make: () => bearer({ aud: 'https://other.example.com' }),
    },
    token_expired: { title: 'an expired token', make: () => bearer(expired) },
    token_not_yet_valid: {
      title: 'a token from the future',
      make: () => bearer({ iat: now + 3600, exp: now + 7200 }),
    },
    caller_not_allowed: {
      title: 'a good token of a stranger',
      // Without any of the allowed caller's claims: its domain or its instance would let the stranger in.
      make: async () =>
        `Bearer ${await google.idToken({
          aud: options.audience,
          sub: '100000000000000000001',
          email: 'stranger@elsewhere.iam.gserviceaccount.com',
          email_verified: true,
        })}`,
    },
    keys_unavailable: {
      title: "a token signed with a new key while Google's keys cannot be had",
      make: () => bearer({}, { kid: unpublishedKid }),
      jwks: 'outage',
    },
  };
}
