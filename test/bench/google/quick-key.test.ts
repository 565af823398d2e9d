import { createPublicKey, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { createQuickKey } from './quick-key.ts';

const key = createQuickKey();
const publicKey = createPublicKey({ key: { kty: 'RSA', n: key.n, e: key.e }, format: 'jwk' });

function isGood(message: string, signature: string): boolean {
  return verify('RSA-SHA256', Buffer.from(message), publicKey, Buffer.from(signature, 'base64url'));
}

test('the key is an RSA key of 2048 bits to whoever verifies', () => {
  expect(publicKey.asymmetricKeyDetails).toEqual({ modulusLength: 2048, publicExponent: 65_537n });
  expect(Buffer.from(key.n, 'base64url')[0]).toBeGreaterThanOrEqual(0x80);
});

test('its signatures are good, whatever is signed', () => {
  const messages = Array.from({ length: 500 }, (_, index) => `${index}`.repeat(index));

  expect(messages.filter((message) => !isGood(message, key.sign(message)))).toEqual([]);
});

test('a signature is good for its message only, and only whole', () => {
  const signature = key.sign('one');

  expect(isGood('other', signature)).toBe(false);
  expect(isGood('one', key.sign('other'))).toBe(false);
  expect(isGood('one', signature.slice(2))).toBe(false);
  expect(isGood('one', createQuickKey().sign('one'))).toBe(false);
});

test('WebCrypto agrees', async () => {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const jwk = { kty: 'RSA', n: key.n, e: key.e };
  const imported = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['verify']);
  const signature = Buffer.from(key.sign('one'), 'base64url');

  expect(await crypto.subtle.verify(algorithm, imported, signature, Buffer.from('one'))).toBe(true);
  expect(await crypto.subtle.verify(algorithm, imported, signature, Buffer.from('two'))).toBe(false);
});
