import {
  createGoogleIdTokenVerifier,
  type GoogleIdToken,
  type KeySet,
  serviceAccount,
  staticKeySet,
} from '@id-token-guard/core';
import { createFakeGoogle, type FakeGoogle, type PublicJwk } from '@id-token-guard/testing';
import { exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { refusalOf } from './refusal-of.ts';

const AUDIENCE = 'https://api.example.com';
const SENDER = '101010101010101010101';

const google = await createFakeGoogle();
const other = await createFakeGoogle();
const jwk = onlyKey(google);
const otherJwk = onlyKey(other);

beforeAll(() => void vi.stubGlobal('fetch', () => expect.fail('A static key set never uses the network.')));
afterAll(() => void vi.unstubAllGlobals());

test('imports its keys once: when they are loaded ahead, or needed', async () => {
  const importing = vi.spyOn(crypto.subtle, 'importKey');
  onTestFinished(() => importing.mockRestore());
  const keys = staticKeySet(google.jwks);

  await keys.preload();
  const imported = importing.mock.calls.length;
  await keys.get(jwk.kid);

  expect(imported).toBe(google.jwks.keys.length);
  expect(importing.mock.calls).toHaveLength(imported);
});

test('verifies tokens with the keys that it was given, without a network', async () => {
  const keys = staticKeySet(google.jwks);

  await keys.preload();
  const { header } = await verify(keys);

  expect(header.kid).toBe(jwk.kid);
});

test('knows no others', async () => {
  expect((await refusalOf(() => verify(staticKeySet(other.jwks)))).code).toBe('key_unknown');
  expect((await refusalOf(() => verify(staticKeySet({ keys: [] })))).code).toBe('key_unknown');
  expect(await staticKeySet(google.jwks).get('')).toBeUndefined();
  expect(await staticKeySet(google.jwks).get('toString')).toBeUndefined();
});

test('gives the same key object every time, also to those who ask at once', async () => {
  const keys = staticKeySet(google.jwks);

  const [first, second] = await Promise.all([keys.get(jwk.kid), keys.get(jwk.kid)]);

  expect(first).toMatchObject({ kid: jwk.kid, n: jwk.n, e: jwk.e });
  expect(second).toBe(first);
  expect(await keys.get(jwk.kid)).toBe(first);
});

test('does not notice what happens to the object that it was made from', async () => {
  const keys = [{ ...jwk }];
  const keySet = staticKeySet({ keys });

  keys.splice(0, 1, { ...otherJwk, kid: jwk.kid });

  await verify(keySet);
});

describe('status', () => {
  test('is fresh with its key ids', () => {
    expect(staticKeySet({ keys: [jwk, otherJwk] }).status()).toStrictEqual({
      state: 'fresh',
      usable: true,
      keyIds: [jwk.kid, otherJwk.kid],
    });
  });

  test('is empty without usable keys', () => {
    expect(staticKeySet({ keys: [{ kty: 'oct' }] }).status()).toStrictEqual({
      state: 'empty',
      usable: false,
      keyIds: [],
    });
  });
});

test('has no snapshot: it was made from one', () => {
  expect(staticKeySet(google.jwks).snapshot()).toBeUndefined();
});

describe('uses a key', () => {
  test.each<[string, object]>([
    ['as Google publishes it', jwk],
    ['without "use"', { ...jwk, use: undefined }],
    ['without "alg"', { ...jwk, alg: undefined }],
    ['with "key_ops" that have "verify"', { ...jwk, key_ops: ['verify'] }],
    ['with members that nobody knows', { ...jwk, x5c: ['x'], 'https://example.com': 1 }],
  ])('%s', async (_, key) => {
    const keys = staticKeySet({ keys: [without(key)] });

    expect(keys.status().keyIds).toEqual([jwk.kid]);
    await verify(keys);
  });

  test('that is listed twice', async () => {
    await verify(staticKeySet({ keys: [jwk, { ...jwk, use: undefined }] }));
  });
});

describe('ignores, without harm to the key beside it,', async () => {
  const { publicKey } = await generateKeyPair('ES256', { extractable: true });
  const ec = await exportJWK(publicKey);

  test.each<[string, unknown]>([
    ['a key that is not RSA', { ...ec, kid: jwk.kid }],
    ['a secret', { kty: 'oct', k: jwk.n, alg: 'HS256', kid: jwk.kid }],
    ['a key for encryption', { ...otherJwk, use: 'enc', kid: jwk.kid }],
    ['a key for another algorithm', { ...otherJwk, alg: 'RS512', kid: jwk.kid }],
    ['a key that may not verify', { ...otherJwk, key_ops: ['encrypt'], kid: jwk.kid }],
    ['a key with "key_ops" that are no list', { ...otherJwk, key_ops: 'verify', kid: jwk.kid }],
    ['a key of 1032 bits', { ...otherJwk, n: otherJwk.n.slice(0, 172), kid: jwk.kid }],
    ['a key with the exponent 3', { ...otherJwk, e: 'Aw', kid: jwk.kid }],
    ['a key with its private exponent', { ...otherJwk, d: 'AQAB', kid: jwk.kid }],
    ['a key with a prime of its modulus', { ...otherJwk, p: 'AQAB', kid: jwk.kid }],
    ['a key without modulus', { ...otherJwk, n: undefined, kid: jwk.kid }],
    ['a key without id', { ...otherJwk, kid: undefined }],
    ['a key with an empty id', { ...otherJwk, kid: '' }],
    ['a key whose id is a number', { ...otherJwk, kid: 1 }],
    ['null', null],
    ['a text', 'key'],
    ['a list', [otherJwk]],
  ])('%s', async (_, key) => {
    const keys = staticKeySet({ keys: [key as object, jwk] });

    expect(keys.status().keyIds).toEqual([jwk.kid]);
    await verify(keys);
  });
});

test('two different keys under one id are ambiguous, and neither is used', async () => {
  const keys = staticKeySet({ keys: [jwk, { ...otherJwk, kid: jwk.kid }, otherJwk] });

  expect(keys.status().keyIds).toEqual([otherJwk.kid]);
  expect((await refusalOf(() => verify(keys))).code).toBe('key_unknown');
});

async function verify(keys: KeySet): Promise<GoogleIdToken> {
  const verifier = createGoogleIdTokenVerifier({ audience: AUDIENCE, callers: serviceAccount(SENDER), keys });
  return verifier.verify(await google.idToken({ aud: AUDIENCE, sub: SENDER }));
}

function onlyKey({ jwks }: FakeGoogle): PublicJwk {
  const [key] = jwks.keys;
  return key ?? expect.fail('A fake Google has a key.');
}

/** As it is after JSON: members that are undefined are not there. */
function without(key: object): object {
  return JSON.parse(JSON.stringify(key));
}
