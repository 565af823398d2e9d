/*
 * On Node.js, Deno and Bun: `Buffer` and `node:crypto`, several times as fast for one small token as what the Web has.
 */
import { Buffer } from 'node:buffer';
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { VerificationKey } from '../keys/key-set.ts';

/** The bytes of a base64url text; `undefined` unless it is the one spelling of them (RFC 7515 §2, RFC 4648 §3.5). */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  const bytes = Buffer.from(text, 'base64url');
  // The decoder passes over padding, other characters and the bits that are left over; they do not come back.
  return bytes.toString('base64url') === text ? bytes : undefined;
}

/** The same text in memory of its own: engines make a part of a text, as of a header, by pointing into the whole. */
export function copyOfAscii(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

/** Verifies RSASSA-PKCS1-v1_5 with SHA-256 over the bytes of an ASCII text. */
export function verifyRs256(key: VerificationKey, signature: Uint8Array<ArrayBuffer>, text: string): boolean {
  return verify('sha256', Buffer.from(text, 'latin1'), keyObjectOf(key), signature);
}

/** @throws Error where this runtime can do nothing with the key; Deno, for one, takes 4096 bits at most */
export function prepareKey(key: VerificationKey): void {
  keyObjectOf(key);
}

const keyObjects = new WeakMap<VerificationKey, KeyObject>();

function keyObjectOf(key: VerificationKey): KeyObject {
  const known = keyObjects.get(key);
  if (known !== undefined) {
    return known;
  }
  const keyObject = createPublicKey({ key: { kty: 'RSA', n: key.n, e: key.e }, format: 'jwk' });
  keyObjects.set(key, keyObject);
  return keyObject;
}
