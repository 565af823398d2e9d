import { flattenedVerify } from 'jose';
import { JWSSignatureVerificationFailed } from 'jose/errors';
import { GoogleIdTokenError } from './errors.ts';
import { hintForInvalidSignature } from './hints.ts';
import type { VerificationKey } from './keys.ts';
import type { ParsedToken } from './parse.ts';

/**
 * Verifies the signature over the exact bytes received: RSASSA-PKCS1-v1_5 with SHA-256.
 *
 * @throws GoogleIdTokenError `signature_invalid`
 * @see RFC 7518 §3.3
 */
export async function verifySignature(token: ParsedToken, key: VerificationKey): Promise<void> {
  try {
    await flattenedVerify(token.segments, key.publicKey, { algorithms: ['RS256'] });
  } catch (error) {
    if (error instanceof JWSSignatureVerificationFailed) {
      throw new GoogleIdTokenError('signature_invalid', { hint: hintForInvalidSignature(token.unverifiedClaims) });
    }
    throw error;
  }
}
