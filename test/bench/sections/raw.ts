/*
 * The physical limit: one RSA-2048 public operation, on bytes that lie ready, with nothing else checked.
 */
import { createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import type { World } from '../google/world.ts';

export const RAW = 'crypto.verify';
export const RAW_ORDINARY = 'crypto.verify, key of two primes';
export const RAW_SUBTLE = 'crypto.subtle.verify';

/** The bytes that a token's signature is of, and the signature. */
export interface Signed {
  readonly data: Buffer<ArrayBuffer>;
  readonly signature: Buffer<ArrayBuffer>;
}

export function signedBytes(token: string): Signed {
  const end = token.lastIndexOf('.');
  return { data: Buffer.from(token.slice(0, end)), signature: Buffer.from(token.slice(end + 1), 'base64url') };
}

export function rawVerify({ trust }: World): (signed: Signed) => void {
  const key = publicKeyOf(trust.keys);
  return ({ data, signature }) => demand(verify('RSA-SHA256', data, key, signature));
}

export async function rawSubtleVerify({ trust }: World): Promise<(signed: Signed) => Promise<void>> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('jwk', { ...trust.keys[0] }, algorithm, false, ['verify']);
  return async ({ data, signature }) => demand(await crypto.subtle.verify(algorithm, key, signature, data));
}

/** Shows that the key that signs so fast is verified no faster: this one was made in the ordinary way. */
export function ordinaryVerify(): () => void {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const data = Buffer.alloc(440, 'a');
  const signature = sign('RSA-SHA256', data, privateKey);
  return () => demand(verify('RSA-SHA256', data, publicKey, signature));
}

function publicKeyOf([key]: World['trust']['keys']): KeyObject {
  return createPublicKey({ key: key ?? {}, format: 'jwk' });
}

function demand(good: boolean): void {
  if (!good) {
    throw new Error('A good signature does not verify.');
  }
}
