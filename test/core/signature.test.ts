/*
 * The signature itself is in the hostile catalogue and the public vectors. Here: keys that a key set of somebody else's
 * hands out. They are a fault of the service, so they are no refusal.
 */
import { createGoogleIdTokenVerifier, type KeySet, serviceAccount, type VerificationKey } from '@id-token-guard/core';
import { createFakeGoogle } from '@id-token-guard/testing';
import { expect, test } from 'vitest';

const AUDIENCE = 'https://api.example.com';
const SENDER = 'sender@my-project.iam.gserviceaccount.com';
const RSA = { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };

const google = await createFakeGoogle();
const token = await google.idToken({ aud: AUDIENCE, email: SENDER, email_verified: true });
const [jwk] = google.jwks.keys;
const { kid = '', n = '', e = '' } = jwk ?? {};

test('a key set of somebody else, with the right key, is as good as ours', async () => {
  const publicKey = await importKey({ ...RSA, hash: 'SHA-256' });

  const { caller } = await verifierWith(publicKey).verify(token);

  expect(caller).toMatchObject({ kind: 'service_account', email: SENDER });
});

test.each([
  ['for another hash', () => importKey({ ...RSA, hash: 'SHA-512' })],
  ['for another padding', () => importKey({ name: 'RSA-PSS', hash: 'SHA-256' })],
  ['of 1024 bits', async () => (await pair({ ...RSA, modulusLength: 1024, hash: 'SHA-256' })).publicKey],
  ['that is private', async () => (await pair({ ...RSA, hash: 'SHA-256' })).privateKey],
  ['that is a secret', () => crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])],
  ['on a curve', async () => (await pair({ name: 'ECDSA', namedCurve: 'P-256' })).publicKey],
])('a key %s verifies nothing: the service fails, the token is not judged', async (_, makeKey) => {
  const verifier = verifierWith(await makeKey());

  await expect(verifier.verify(token)).rejects.toThrow(
    new TypeError('The key set has a key that is not a public RSA key for RS256 signatures.'),
  );
});

function importKey(algorithm: RsaHashedImportParams): Promise<CryptoKey> {
  return crypto.subtle.importKey('jwk', { kty: 'RSA', n, e }, algorithm, false, ['verify']);
}

function pair(algorithm: RsaHashedKeyGenParams | EcKeyGenParams): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(algorithm, false, ['sign', 'verify']);
}

function verifierWith(publicKey: CryptoKey) {
  const key: VerificationKey = { kid, n, e, publicKey };
  const keys: KeySet = { ...google.keySet(), get: async () => key };
  return createGoogleIdTokenVerifier({ audience: AUDIENCE, callers: serviceAccount(SENDER), keys });
}
