/*
 * Makes compact JWS by hand, so that any one thing about them can be wrong while all the rest is right.
 */
import { constants, createHash, createHmac, type KeyObject, privateEncrypt, sign } from 'node:crypto';

/** Part of a token before base64url: text and bytes stay as they are, anything else becomes JSON. */
export type Part = unknown;

export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export function encode(part: Part): string {
  const bytes = typeof part === 'string' || part instanceof Uint8Array ? part : JSON.stringify(part);
  return Buffer.from(bytes).toString('base64url');
}

/** What is signed: RFC 7515 §5.1. */
export function signingInput(header: Part, payload: Part): string {
  return `${encode(header)}.${encode(payload)}`;
}

/** The third segment put behind the first two. */
export function join(input: string, signature: string | Uint8Array): string {
  return `${input}.${encode(signature)}`;
}

/** The three segments of a token. */
export function segmentsOf(token: string): [header: string, payload: string, signature: string] {
  const [header = '', payload = '', signature = ''] = token.split('.');
  return [header, payload, signature];
}

/** RSASSA-PKCS1-v1_5 with SHA-256 over whatever bytes are given. */
export function rs256(key: KeyPair, input: string | Uint8Array): Uint8Array {
  return sign('sha256', Buffer.from(input), key.privateKey);
}

/** A whole token that is right as far as its signature goes. */
export function signed(key: KeyPair, header: Part, payload: Part): string {
  const input = signingInput(header, payload);
  return join(input, rs256(key, input));
}

export function hmac(hash: 'sha256' | 'sha384' | 'sha512', secret: string | Uint8Array, input: string): Uint8Array {
  return createHmac(hash, secret).update(input).digest();
}

/** RSASSA-PSS, the padding that RS256 does not have. */
export function pss(key: KeyPair, hash: 'sha256' | 'sha384' | 'sha512', input: string): Uint8Array {
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  return sign(hash, Buffer.from(input), {
    key: key.privateKey,
    padding,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  });
}

/** RSASP1 of RFC 8017 §5.2.1: the private operation on any 256 bytes, padded right or wrong. */
export function rawRsa(key: KeyPair, encodedMessage: Uint8Array): Uint8Array {
  return privateEncrypt({ key: key.privateKey, padding: constants.RSA_NO_PADDING }, encodedMessage);
}

export function sha256(input: string | Uint8Array): Buffer {
  return createHash('sha256').update(input).digest();
}

/** The DER of `DigestInfo` for SHA-256 up to the hash: RFC 8017 §9.2, note 1. */
export const SHA256_PREFIX: Uint8Array = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** EMSA-PKCS1-v1_5 of RFC 8017 §9.2 for a key of 2048 bits: 00 01 FF … FF 00 and what follows. */
export function pkcs1(digestInfo: Uint8Array, blockType = 1, filler = 0xff): Uint8Array {
  const padding = Buffer.alloc(256 - 3 - digestInfo.length, filler);
  return Buffer.concat([Buffer.from([0, blockType]), padding, Buffer.from([0]), digestInfo]);
}

export function toInteger(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

export function toBytes(integer: bigint, length: number): Uint8Array {
  return Buffer.from(integer.toString(16).padStart(2 * length, '0'), 'hex');
}

/** The modulus of an RSA key. */
export function modulusOf(key: KeyPair): bigint {
  return toInteger(Buffer.from(key.publicKey.export({ format: 'jwk' }).n ?? '', 'base64url'));
}
