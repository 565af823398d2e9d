/*
 * Where there is nothing of Node.js, as on Cloudflare Workers: what every runtime has.
 */
import { base64url } from 'jose';
import type { VerificationKey } from '../keys/key-set.ts';

/** The bytes of a base64url text; `undefined` unless it is the one spelling of them (RFC 7515 §2, RFC 4648 §3.5). */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const bytes = base64url.decode(text) as Uint8Array<ArrayBuffer>;
    // The decoder passes over padding, white space and the bits that are left over; they do not come back.
    return base64url.encode(bytes) === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}

const [encoder, decoder] = [new TextEncoder(), new TextDecoder()];

/** The same text in memory of its own: engines make a part of a text, as of a header, by pointing into the whole. */
export function copyOfAscii(text: string): string {
  return decoder.decode(encoder.encode(text));
}

/** Verifies RSASSA-PKCS1-v1_5 with SHA-256 over the bytes of an ASCII text. */
export function verifyRs256(
  { publicKey }: VerificationKey,
  signature: Uint8Array<ArrayBuffer>,
  text: string,
): Promise<boolean> {
  return crypto.subtle.verify('RSASSA-PKCS1-v1_5', publicKey, signature, encoder.encode(text));
}

/** Web Cryptography has the key ready, or has refused it, since it was imported. */
export function prepareKey(_key: VerificationKey): void {}
