/*
 * The signature itself is in the hostile catalogue and the public vectors. Here: keys that a key set of somebody else's
 * hands out. They are a fault of the service, so they are no refusal.
 */
import { createHash } from 'node:crypto';
import { createGoogleIdTokenVerifier, type KeySet, serviceAccount, type VerificationKey } from '@id-token-guard/core';
import { createFakeGoogle } from '@id-token-guard/testing';
import { describe, expect, test } from 'vitest';

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

/** The message as RFC 8017 §9.2 pads it: with the exponent 1, that is the signature. */
function paddedMessage(text: string): Buffer {
  const digestInfo = Buffer.from('3031300d060960864801650304020105000420', 'hex');
  const digest = createHash('sha256').update(text).digest();
  const padding = Buffer.alloc(256 - 3 - digestInfo.length - digest.length, 0xff);
  return Buffer.concat([Buffer.from([0, 1]), padding, Buffer.from([0]), digestInfo, digest]);
}

describe('a key whose numbers are none of a usable key verifies nothing, though it has a public key that is:', () => {
  test.each<[string, Partial<VerificationKey>]>([
    ['the exponent 1, which makes a signature of the message itself', { e: 'AQ' }],
    ['the exponent 3', { e: 'Aw' }],
    ['an even exponent', { e: 'AQAC' }],
    ['1024 bits', { n: smallModulus(1024) }],
    ['2047 bits', { n: smallModulus(2047) }],
    ['an empty modulus', { n: '' }],
    ['a modulus that is not base64url', { n: `${n}=` }],
    ['no modulus', { n: undefined as unknown as string }],
    ['no exponent', { e: undefined as unknown as string }],
    ['a number for a text', { n: 5 as unknown as string }],
  ])('%s', async (_, numbers) => {
    const key: VerificationKey = { kid, n, e, publicKey: await importKey({ ...RSA, hash: 'SHA-256' }), ...numbers };
    const verifier = verifierOf(key);
    const signedText = token.slice(0, token.lastIndexOf('.'));

    for (const signature of [token.slice(signedText.length + 1), paddedMessage(signedText).toString('base64url')]) {
      await expect(verifier.verify(`${signedText}.${signature}`)).rejects.toThrow(
        new TypeError('The key set has a key that is not a public RSA key for RS256 signatures.'),
      );
    }
  });
});

function smallModulus(bits: number): string {
  const number = (1n << BigInt(bits - 1)) + 1n;
  return Buffer.from(number.toString(16).padStart(512, '0'), 'hex').toString('base64url');
}

function importKey(algorithm: RsaHashedImportParams): Promise<CryptoKey> {
  return crypto.subtle.importKey('jwk', { kty: 'RSA', n, e }, algorithm, false, ['verify']);
}

function pair(algorithm: RsaHashedKeyGenParams | EcKeyGenParams): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(algorithm, false, ['sign', 'verify']);
}

function verifierWith(publicKey: CryptoKey) {
  return verifierOf({ kid, n, e, publicKey });
}

function verifierOf(key: VerificationKey) {
  const keys: KeySet = { ...google.keySet(), get: async () => key };
  return createGoogleIdTokenVerifier({ audience: AUDIENCE, callers: serviceAccount(SENDER), keys });
}
