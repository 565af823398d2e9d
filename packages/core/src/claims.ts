import type { AudienceMatcher, AudienceRequest } from './audience.ts';
import { GoogleIdTokenError } from './errors.ts';
import {
  hintForAudience,
  hintForAudienceList,
  hintForExpired,
  hintForIssuer,
  hintForLifetime,
  hintForNotYetValid,
} from './hints.ts';
import { type JsonObject, own } from './json.ts';
import type { GoogleIdTokenClaims } from './token.ts';

/**
 * The two spellings of Google's issuer; there are no others.
 *
 * @see https://developers.google.com/identity/gsi/web/guides/verify-google-id-token
 */
export const GOOGLE_ISSUERS: readonly string[] = Object.freeze(['https://accounts.google.com', 'accounts.google.com']);

/** What the claims are held against. */
export interface ClaimRules {
  readonly audience: AudienceMatcher;
  /** The request at hand, for audiences that depend on it. */
  readonly request?: AudienceRequest;
  readonly clockToleranceSeconds: number;
  readonly maxLifetimeSeconds: number;
}

/**
 * Checks the claims of a token: types first, then issuer, audience and time.
 *
 * It does not check `nonce`, `azp`, `at_hash` or `hd`, nor who is calling: see caller rules.
 *
 * @param now milliseconds since the epoch
 * @throws GoogleIdTokenError `claim_invalid`, `issuer_mismatch`, `audience_mismatch`, `token_expired` or `token_not_yet_valid`
 * @see OpenID Connect Core 1.0 §3.1.3.7
 */
export function checkClaims(claims: JsonObject, rules: ClaimRules, now: number): GoogleIdTokenClaims {
  checkTypes(claims, rules);
  checkIssuer(claims);
  checkAudience(claims, rules);
  checkTime(claims, rules, now);
  return claims as GoogleIdTokenClaims;
}

/** What may have changed since a token was verified: the time, the request, and what an audience rule says. */
export function recheckClaims(claims: GoogleIdTokenClaims, rules: ClaimRules, now: number): void {
  checkAudience(claims, rules);
  checkTime(claims, rules, now);
}

/** What the other checks rely on: the needed claims are there, and of the right type. */
export function checkTypes(claims: JsonObject, { maxLifetimeSeconds }: ClaimRules): void {
  for (const name of ['iss', 'sub']) {
    const value = own(claims, name);
    if (typeof value !== 'string' || value === '') {
      throw invalid(name, `"${name}" is missing or not a string.`);
    }
  }
  const aud = own(claims, 'aud');
  if (typeof aud !== 'string' && !Array.isArray(aud)) {
    throw invalid('aud', '"aud" is missing or not a string.');
  }
  for (const name of ['iat', 'exp']) {
    if (!Number.isFinite(own(claims, name))) {
      throw invalid(name, `"${name}" is missing or not a number.`);
    }
  }
  for (const name of ['nbf', 'auth_time']) {
    if (Object.hasOwn(claims, name) && !Number.isFinite(claims[name])) {
      throw invalid(name, `"${name}" is not a number.`);
    }
  }
  // A security event token (RFC 8417) has Google's issuer and keys too, and says that something happened, not who calls.
  if (Object.hasOwn(claims, 'events')) {
    throw invalid('events', 'The token has "events": it is a security event token (RISC), not an ID token.');
  }
  const lifetime = (claims['exp'] as number) - (claims['iat'] as number);
  if (!(lifetime <= maxLifetimeSeconds)) {
    throw invalid('exp', hintForLifetime(lifetime, maxLifetimeSeconds));
  }
}

export function checkIssuer(claims: JsonObject): void {
  const iss = claims['iss'] as string;
  if (!GOOGLE_ISSUERS.includes(iss)) {
    throw new GoogleIdTokenError('issuer_mismatch', { claim: 'iss', hint: hintForIssuer(iss, claims) });
  }
}

export function checkAudience(claims: JsonObject, { audience, request }: ClaimRules): void {
  const aud = claims['aud'];
  if (typeof aud !== 'string') {
    throw new GoogleIdTokenError('audience_mismatch', { claim: 'aud', hint: hintForAudienceList() });
  }
  if (!audience.accepts(aud, request)) {
    throw new GoogleIdTokenError('audience_mismatch', {
      claim: 'aud',
      hint: hintForAudience(aud, audience.expected, audience.base, audience.whyNot?.(aud, request)),
    });
  }
}

// The comparisons are written so that NaN, from a broken clock, is refused.
export function checkTime(claims: JsonObject, { clockToleranceSeconds }: ClaimRules, now: number): void {
  const nowSeconds = now / 1000;
  const exp = claims['exp'] as number;
  // RFC 7519 §4.1.4: the current time must be before "exp".
  if (!(nowSeconds < exp + clockToleranceSeconds)) {
    throw new GoogleIdTokenError('token_expired', { claim: 'exp', hint: hintForExpired(nowSeconds - exp) });
  }
  checkNotAhead('iat', claims['iat'], nowSeconds, clockToleranceSeconds);
  if (Object.hasOwn(claims, 'nbf')) {
    checkNotAhead('nbf', claims['nbf'], nowSeconds, clockToleranceSeconds);
  }
}

function checkNotAhead(claim: string, value: unknown, nowSeconds: number, clockToleranceSeconds: number): void {
  const time = value as number;
  // RFC 7519 §4.1.5: the current time must be after or equal to "nbf".
  if (!(time <= nowSeconds + clockToleranceSeconds)) {
    throw new GoogleIdTokenError('token_not_yet_valid', { claim, hint: hintForNotYetValid(claim, time - nowSeconds) });
  }
}

function invalid(claim: string, hint: string): GoogleIdTokenError {
  return new GoogleIdTokenError('claim_invalid', { claim, hint });
}
