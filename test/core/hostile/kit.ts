import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { createGoogleKeySet, type GoogleIdTokenVerifierOptions, serviceAccount } from '@id-token-guard/core';
import { createFakeGoogle, type FakeGoogle } from '@id-token-guard/testing';
import { oddKeys, unusualKeys } from './families/keys.ts';
import { type KeyPair, type Part, signed } from './forge.ts';
import { rocaKey } from './roca-key.ts';

/** What hostile inputs are made with: a fake Google, its keys, an attacker's keys, and a token with nothing wrong. */
export interface Kit {
  /** Serves its own key, `keys.google`, and all the odd keys of the catalogue. */
  readonly google: FakeGoogle;
  readonly keys: KeyMaterial;
  /** For a verifier or a guard that accepts `token()`. The clock stands still, so that boundaries are exact. */
  readonly options: GoogleIdTokenVerifierOptions & { readonly audience: string };
  /** The time of that clock, in seconds. */
  readonly now: number;
  /** The header and the claims of a token with nothing wrong. */
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  /** A good token, with these claims and header parameters in place of the good ones; `undefined` leaves one out. */
  token(claims?: object, header?: object): string;
  /** The same signature over any header and payload: text and bytes stay as they are. */
  signed(header: Part, payload: Part): string;
  /** Every URL that the key set has asked for. */
  readonly fetched: readonly string[];
  /**
   * Lets 15 s pass for the key set alone: it may ask Google for unknown key ids again, which is rationed. Without
   * that, an input with an unknown key id is answered with `keys_unavailable`, since nobody has looked.
   */
  passRation(): void;
}

export interface KeyMaterial {
  /** Published by the fake Google, the private half at hand. Signs whatever the kit makes. */
  readonly google: KeyPair & { readonly kid: string };
  /** Published only in ways that make it unusable. */
  readonly attacker: KeyPair;
  /** RSA of 1024 bits. */
  readonly short: KeyPair;
  /** RSA of 2047 bits. */
  readonly nearlyLong: KeyPair;
  /** RSA of 2048 bits with the exponent 3. */
  readonly exponentThree: KeyPair;
  /** RSA of 2048 bits whose primes are of the pattern of CVE-2017-15361. */
  readonly roca: KeyPair;
  readonly ec: KeyPair;
  readonly ed25519: KeyPair;
}

/** The e-mail of the one service account that may call. */
export const CALLER_EMAIL = 'push@my-project.iam.gserviceaccount.com';
export const AUDIENCE = 'https://api.example.com/push';

/** 2025-10-09T08:53:20Z */
const NOW = 1_760_000_000;

export async function createKit(): Promise<Kit> {
  const now = () => NOW * 1000;
  const [google, keys] = await Promise.all([createFakeGoogle({ now }), createKeyMaterial()]);
  // Fresh for a day, so that nothing but an unknown key id is a reason to ask.
  const freshForADay = { headers: { 'cache-control': 'max-age=86400' } };
  google.answerWith(() => Response.json({ keys: [...google.jwks.keys, ...publishedKeys(keys)] }, freshForADay));

  const header = { alg: 'RS256', kid: keys.google.kid, typ: 'JWT' };
  // Most of these are no business of the guard. They stand here because none of them may ever be repeated.
  const claims = {
    iss: 'https://accounts.google.com',
    aud: AUDIENCE,
    azp: '113377114488220099117',
    sub: '113377114488220099117',
    email: CALLER_EMAIL,
    email_verified: true,
    iat: NOW,
    exp: NOW + 3600,
    jti: 'canary-jti-5f0c9a7e31d24b68',
    nonce: 'canary-nonce-c2d81e6f90ab',
    at_hash: 'canary-at-hash-7b1e',
    name: 'Canary Name Of A Person',
    picture: 'https://canary.example.net/picture-of-a-person',
  };

  const fetched: string[] = [];
  const recordingFetch: typeof fetch = (input, init) => {
    fetched.push(input instanceof Request ? input.url : String(input));
    return google.fetch(input, init);
  };
  const options = {
    audience: AUDIENCE,
    callers: serviceAccount(CALLER_EMAIL),
    keys: createGoogleKeySet({ fetch: recordingFetch, now: () => now() + passed }),
    now,
  };
  let passed = 0;

  return {
    google,
    keys,
    options,
    now: NOW,
    header,
    claims,
    token: (changedClaims = {}, changedHeader = {}) =>
      signed(keys.google, { ...header, ...changedHeader }, { ...claims, ...changedClaims }),
    signed: (anyHeader, anyPayload) => signed(keys.google, anyHeader, anyPayload),
    fetched,
    passRation() {
      passed += 15_000;
    },
  };
}

function publishedKeys(keys: KeyMaterial): unknown[] {
  const { kid, publicKey } = keys.google;
  const good = { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' };
  return [good, ...[...oddKeys, ...unusualKeys].flatMap((key) => key.publish(key.kid, keys))];
}

async function createKeyMaterial(): Promise<KeyMaterial> {
  const [google, attacker, short, nearlyLong, exponentThree, ec, ed25519] = await Promise.all([
    rsa(2048),
    rsa(2048),
    rsa(1024),
    rsa(2047),
    rsa(2048, 3),
    promisify(generateKeyPair)('ec', { namedCurve: 'P-256' }),
    promisify(generateKeyPair)('ed25519'),
  ]);
  // As Google's key ids look.
  const kid = '9f1c3e5a7b2d4f6081a3c5e7092b4d6f8a0c1e3f';
  return { google: { kid, ...google }, attacker, short, nearlyLong, exponentThree, roca: rocaKey(), ec, ed25519 };
}

function rsa(modulusLength: number, publicExponent = 65_537): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> {
  return promisify(generateKeyPair)('rsa', { modulusLength, publicExponent });
}
