import type { VerificationKey } from '../keys/key-set.ts';

/** What is done in another way on Node.js, Deno and Bun than on the rest: all that is done with bytes. */
export interface Runtime {
  /** The bytes of a base64url text; `undefined` unless it is the one spelling of them (RFC 7515 §2, RFC 4648 §3.5). */
  decodeBase64url(text: string): Uint8Array<ArrayBuffer> | undefined;
  /** The same text in memory of its own: engines make a part of a text, as of a header, by pointing into the whole. */
  copyOfAscii(text: string): string;
  /** Verifies RSASSA-PKCS1-v1_5 with SHA-256 over the bytes of an ASCII text. */
  verifyRs256(key: VerificationKey, signature: Uint8Array<ArrayBuffer>, text: string): boolean | Promise<boolean>;
  /** @throws Error where this runtime can do nothing with the key; Deno, for one, takes 4096 bits at most */
  prepareKey(key: VerificationKey): void;
}
