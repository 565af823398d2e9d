/*
 * Takes a public vector through parse, key and signature. Vectors sign any payload, Google signs claims: so the parse
 * step is shown an empty object in place of the payload, and the signature step the payload as it is.
 */
import { type GoogleIdTokenErrorCode, isGoogleIdTokenError, staticKeySet } from '@id-token-guard/core';
import { findKey } from '../../../packages/core/src/keys/find-key.ts';
import { type ParsedToken, parseToken } from '../../../packages/core/src/parse.ts';
import type { SignatureStep } from './signature-steps.ts';

export interface Jwks {
  readonly keys: readonly object[];
}

export type Outcome = 'accepted' | GoogleIdTokenErrorCode;

/** What becomes of a compact JWS. */
export function outcomeOf(jws: string, jwks: Jwks, verifySignature: SignatureStep): Promise<Outcome> {
  return settled(async () => {
    const token = parseWithAnyPayload(jws);
    const [header = '', payload = '', signature = ''] = jws.split('.');
    await verifySignature({ protected: header, payload, signature }, await findKey(staticKeySet(jwks), token, {}));
  });
}

/** Whether work was done, or the code that it was refused with. Any failure but ours is thrown on. */
export async function settled(work: () => Promise<unknown>): Promise<Outcome> {
  try {
    await work();
    return 'accepted';
  } catch (error) {
    if (isGoogleIdTokenError(error)) {
      return error.code;
    }
    throw error;
  }
}

const EMPTY_OBJECT = Buffer.from('{}').toString('base64url');

/** The parse step refuses as ever, but for a payload that is well spelt and no JSON object. */
function parseWithAnyPayload(jws: string): ParsedToken {
  const payload = jws.split('.')[1] ?? '';
  const isWellSpelt = Buffer.from(payload, 'base64url').toString('base64url') === payload;
  return parseToken(isWellSpelt ? jws.replace(/\.[^.]*\./, `.${EMPTY_OBJECT}.`) : jws);
}
