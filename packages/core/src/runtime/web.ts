import * as base64url from 'jose/base64url';
import type { Runtime } from './runtime.ts';

const [encoder, decoder] = [new TextEncoder(), new TextDecoder()];

/** What every runtime has. */
export const webRuntime: Runtime = {
  decodeBase64url(text) {
    try {
      const bytes = base64url.decode(text) as Uint8Array<ArrayBuffer>;
      // The decoder passes over padding, white space and the bits that are left over; they do not come back.
      return base64url.encode(bytes) === text ? bytes : undefined;
    } catch {
      return undefined;
    }
  },
  copyOfAscii: (text) => decoder.decode(encoder.encode(text)),
  verifyRs256: ({ publicKey }, signature, text) =>
    crypto.subtle.verify('RSASSA-PKCS1-v1_5', publicKey, signature, encoder.encode(text)),
  // Web Cryptography has the key ready, or has refused it, since it was imported.
  prepareKey() {},
};
