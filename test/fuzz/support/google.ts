/*
 * What good tokens are made of. Keys and clock are always the same, so that a seed makes the same tokens again.
 */
import {
  anyCaller,
  createGoogleIdTokenVerifier,
  type GoogleIdTokenVerifier,
  type GoogleIdTokenVerifierOptions,
  staticKeySet,
} from '@id-token-guard/core';
import { encode, type Part, signed } from '../../core/hostile/forge.ts';
import { seededKey } from './seeded-key.ts';

export const KEY = seededKey('Google');
export const KID = '9f1c3e5a7b2d4f6081a3c5e7092b4d6f8a0c1e3f';
/** Of somebody who would like to be Google. */
export const OTHER_KEY = seededKey('somebody else');

export const JWK: { readonly kid: string; readonly [name: string]: unknown } = {
  ...KEY.publicKey.export({ format: 'jwk' }),
  kid: KID,
  alg: 'RS256',
  use: 'sig',
};

/** In seconds: 2025-10-09T08:53:20Z. */
export const NOW = 1_760_000_000;
export const AUDIENCE = 'https://api.example.com/push';

export const HEADER = { alg: 'RS256', kid: KID, typ: 'JWT' };
export const CLAIMS = {
  iss: 'https://accounts.google.com',
  aud: AUDIENCE,
  azp: '113377114488220099117',
  sub: '113377114488220099117',
  email: 'push@my-project.iam.gserviceaccount.com',
  email_verified: true,
  iat: NOW,
  exp: NOW + 3600,
};

/** A verifier that lets everybody in with a good token. */
export function createVerifier(options: Partial<GoogleIdTokenVerifierOptions> = {}): GoogleIdTokenVerifier {
  return createGoogleIdTokenVerifier({
    audience: AUDIENCE,
    callers: anyCaller,
    keys: staticKeySet({ keys: [JWK] }),
    now: () => NOW * 1000,
    ...options,
  });
}

/** How many different good tokens there are. */
export const GOOD_TOKENS = 27;
const goodTokens = new Map<number, string>();

/** One of the good tokens: their segments end in every way that base64 can end, and no two are alike. */
export function goodToken(index: number): string {
  const made =
    goodTokens.get(index) ??
    signed(KEY, { ...HEADER, pad: pad(index) }, { ...CLAIMS, jti: `jti-${index}`, pad: pad(index / 3) });
  goodTokens.set(index, made);
  return made;
}

/** Tells whether a text is one of the good tokens made so far. */
export function isGoodToken(text: string): boolean {
  return [...goodTokens.values()].includes(text);
}

function pad(index: number): string {
  return '?~>'.slice(0, index % 3);
}

/** A token with any header and payload; text and bytes stay as they are. */
export function unsigned(header: Part, payload: Part, signature: Part): string {
  return [header, payload, signature].map(encode).join('.');
}
