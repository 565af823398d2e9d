import { GOOGLE_ISSUERS, type GoogleIdTokenErrorCode } from '@id-token-guard/core';
import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  type JWTPayload,
  type JWTVerifyResult,
  jwtVerify,
} from 'jose';
import { AUDIENCE, JWK, NOW } from './google.ts';

const keys = createLocalJWKSet({ keys: [{ ...JWK, kty: 'RSA' }] });

/** What jose says to a token, asked for the same: key, algorithm, issuers, audience, time. `undefined`: it refuses. */
export async function verifiedByJose(token: string): Promise<JWTVerifyResult | undefined> {
  try {
    return await jwtVerify(token, keys, {
      algorithms: ['RS256'],
      issuer: [...GOOGLE_ISSUERS],
      audience: AUDIENCE,
      clockTolerance: 30,
      currentDate: new Date(NOW * 1000),
      requiredClaims: ['sub', 'iat', 'exp'],
    });
  } catch {
    return undefined;
  }
}

type Applies = (claims: JWTPayload, header: Record<string, unknown>, token: string) => boolean;

/** Where we are stricter than jose, and why that is so. */
const STRICTER: Readonly<Record<string, readonly [code: GoogleIdTokenErrorCode, applies: Applies]>> = {
  'at most 16 KiB': ['token_malformed', (_claims, _header, token) => token.length > 16 * 1024],
  'no byte order mark in JSON': ['token_malformed', (_claims, _header, token) => hasMark(token)],
  'no crit, b64, zip': ['token_malformed', (_, header) => ['crit', 'b64', 'zip'].some((name) => name in header)],
  'a kid, though there is but one key': ['token_malformed', (_, { kid }) => typeof kid !== 'string' || kid === ''],
  'sub is a text': ['claim_invalid', ({ sub }) => typeof sub !== 'string' || sub === ''],
  'iss is a text': ['claim_invalid', ({ iss }) => typeof iss !== 'string' || iss === ''],
  'times are finite': ['claim_invalid', (claims) => !times(claims).every(Number.isFinite)],
  'at most a day of lifetime': ['claim_invalid', ({ exp = 0, iat = 0 }) => exp - iat > 86_400],
  'no security event tokens': ['claim_invalid', (claims) => 'events' in claims],
  'one audience, a text': ['audience_mismatch', ({ aud }) => Array.isArray(aud)],
  'not issued in the future': ['token_not_yet_valid', ({ iat = 0 }) => iat > NOW + 30],
};

/** The rule of ours that refuses a token which jose accepts; `undefined` where there is none with this code. */
export function stricterRule(token: string, code: GoogleIdTokenErrorCode): string | undefined {
  const [claims, header] = [decodeJwt(token), decodeProtectedHeader(token) as Record<string, unknown>];
  const rule = Object.entries(STRICTER).find(([, [ours, applies]]) => ours === code && applies(claims, header, token));
  return rule?.[0];
}

function times(claims: JWTPayload): unknown[] {
  return ['iat', 'exp', 'nbf', 'auth_time'].filter((name) => Object.hasOwn(claims, name)).map((name) => claims[name]);
}

function hasMark(token: string): boolean {
  return token.split('.').some((segment) => Buffer.from(segment, 'base64url').toString().startsWith('\ufeff'));
}
