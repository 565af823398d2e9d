import { GoogleIdTokenError } from './errors.ts';
import { hintForAccessToken, hintForAlgorithm, hintForMalformed, hintForRemovedSignature } from './hints.ts';
import { type JsonObject, own, parseJsonObject } from './json.ts';
import { runtime } from './runtime/current.ts';

/** Longer tokens are refused before anything is decoded. In characters; Google's tokens have 600 to 1,500. */
export const MAX_TOKEN_LENGTH: number = 16 * 1024;

/** What Cloud Run puts in place of a signature that it has checked. */
const REMOVED_SIGNATURE = 'SIGNATURE_REMOVED_BY_GOOGLE';

/** A token taken apart and not yet believed. */
export interface ParsedToken {
  readonly header: JsonObject;
  /** Anybody can write these. They become claims only when the signature has been verified. */
  readonly unverifiedClaims: JsonObject;
  readonly kid: string;
  /** What is signed: the first two segments and the dot between them, exactly as received (RFC 7515 §5.2). */
  readonly signedText: string;
  readonly signature: Uint8Array<ArrayBuffer>;
}

/**
 * Takes a compact JWS apart, strictly, without network and without believing any of it.
 *
 * @throws GoogleIdTokenError `token_malformed`, `algorithm_unsupported` or `signature_removed`
 */
export function parseToken(token: string): ParsedToken {
  const [headerSegment, payloadSegment, signatureSegment] = splitToken(token);
  const bytes = [decodeSegment(headerSegment), decodeSegment(payloadSegment), decodeSegment(signatureSegment)] as const;
  const header = decodeObject(bytes[0], 'header');
  const unverifiedClaims = decodeObject(bytes[1], 'payload');
  const kid = checkHeader(header, unverifiedClaims);
  if (signatureSegment === REMOVED_SIGNATURE) {
    throw new GoogleIdTokenError('signature_removed', { hint: hintForRemovedSignature() });
  }
  const signedText = token.slice(0, headerSegment.length + 1 + payloadSegment.length);
  return { header, unverifiedClaims, kid, signedText, signature: bytes[2] };
}

function splitToken(token: string): [header: string, payload: string, signature: string] {
  if (typeof token !== 'string' || token.length > MAX_TOKEN_LENGTH) {
    throw malformed('The token is not a string of at most 16 KiB.');
  }
  // No JWT begins so: its header would not be JSON.
  if (token.startsWith('ya29.')) {
    throw malformed(hintForAccessToken());
  }
  const segments = token.split('.', 4);
  if (segments.length !== 3) {
    throw malformed(hintForMalformed(token));
  }
  return segments as [header: string, payload: string, signature: string];
}

function decodeSegment(segment: string): Uint8Array<ArrayBuffer> {
  const bytes = runtime.decodeBase64url(segment);
  if (bytes === undefined) {
    throw malformed('A segment of the token is not base64url as RFC 7515 wants it. Was it cut or re-encoded?');
  }
  return bytes;
}

function decodeObject(bytes: Uint8Array, name: 'header' | 'payload'): JsonObject {
  const object = parseJsonObject(bytes);
  if (object === undefined) {
    throw malformed(`The ${name} of the token is not a JSON object in UTF-8.`);
  }
  return object;
}

function checkHeader(header: JsonObject, unverifiedClaims: JsonObject): string {
  // RFC 8725 §3.1: the algorithm is ours to choose; the token may only agree.
  if (own(header, 'alg') !== 'RS256') {
    throw new GoogleIdTokenError('algorithm_unsupported', { hint: hintForAlgorithm(header, unverifiedClaims) });
  }
  // RFC 7515 §4.1.11: extensions that are marked critical and not understood must be refused; we understand none.
  // RFC 7797 §3 (b64) and RFC 7516 §4.1.3 (zip) change what is signed, so their mere presence is refused too.
  for (const name of ['crit', 'b64', 'zip']) {
    if (Object.hasOwn(header, name)) {
      throw malformed(`The header of the token has "${name}". Google does not send it.`);
    }
  }
  const kid = own(header, 'kid');
  if (typeof kid !== 'string' || kid === '') {
    throw malformed('The header of the token has no "kid". Google always sends one.');
  }
  return kid;
}

function malformed(hint: string): GoogleIdTokenError {
  return new GoogleIdTokenError('token_malformed', { hint });
}
