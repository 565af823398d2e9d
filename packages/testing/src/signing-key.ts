import type { VerificationKey } from '@id-token-guard/core';
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';

/** A key pair of the fake Google, with a key id that looks like Google's: 40 hex digits. */
export interface SigningKey {
  readonly kid: string;
  /** A key of Web Cryptography, too. */
  readonly privateKey: VerificationKey['publicKey'];
  readonly publicJwk: PublicJwk;
}

/** A public key as Google publishes it, but for the mark. */
export interface PublicJwk {
  readonly kty: 'RSA';
  readonly alg: 'RS256';
  readonly use: 'sig';
  readonly kid: string;
  readonly n: string;
  readonly e: string;
  /** Key sets of the real Google neither take such a key from a store or a snapshot, nor put it there. */
  readonly fake: true;
}

/** Makes a real RSA key pair of 2048 bits. */
export async function createSigningKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
  const jwk = await exportJWK(publicKey);
  const kid = hex(await calculateJwkThumbprint(jwk)).slice(0, 40);
  const [n, e] = [`${jwk.n}`, `${jwk.e}`];
  return { kid, privateKey, publicJwk: { kty: 'RSA', alg: 'RS256', use: 'sig', kid, n, e, fake: true } };
}

function hex(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
