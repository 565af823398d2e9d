import { base64url } from 'jose';

// RFC 7515 §2: no padding, no other characters. RFC 4648 §3.5: the bits that are left over must be zero.
const CANONICAL = /^(?:[\w-]{4})*(?:[\w-][AQgw]|[\w-]{2}[AEIMQUYcgkosw048])?$/;

/** Tells whether a text is the one base64url spelling of some bytes, so that a token cannot be written in two ways. */
export function isCanonicalBase64url(text: string): boolean {
  return CANONICAL.test(text);
}

/** Decodes what {@link isCanonicalBase64url} has approved of. */
export function decodeBase64url(text: string): Uint8Array {
  return base64url.decode(text);
}
