import { GoogleIdTokenError } from './errors.ts';
import { hintForInvalidSignature } from './hints.ts';
import { isUsableRsaKey } from './keys/jwks.ts';
import type { VerificationKey } from './keys/key-set.ts';
import type { ParsedToken } from './parse.ts';
import { runtime } from './runtime/current.ts';

/**
 * Verifies the signature over the exact bytes received: RSASSA-PKCS1-v1_5 with SHA-256. It answers at once where the
 * runtime does.
 *
 * @throws GoogleIdTokenError `signature_invalid`
 * @throws TypeError where a key set of somebody else's hands out a key of another kind
 * @see RFC 7518 §3.3
 */
export function verifySignature(token: ParsedToken, key: VerificationKey): void | Promise<void> {
  requireRs256Key(key);
  const isValid = runtime.verifyRs256(key, token.signature, token.signedText);
  return typeof isValid === 'boolean'
    ? requireValid(isValid, token)
    : isValid.then((valid) => requireValid(valid, token));
}

function requireValid(isValid: boolean, { unverifiedClaims }: ParsedToken): void {
  if (!isValid) {
    throw new GoogleIdTokenError('signature_invalid', { hint: hintForInvalidSignature(unverifiedClaims) });
  }
}

const rs256Keys = new WeakSet<VerificationKey>();

/**
 * A key says which algorithm it verifies, and Web Cryptography follows it: with an HMAC key, a shared secret would do.
 * Where Node.js verifies, the numbers alone count: with the exponent 1, anybody could sign.
 */
function requireRs256Key(key: VerificationKey): void {
  if (rs256Keys.has(key)) {
    return;
  }
  const { type, usages, algorithm } = key.publicKey;
  const { name, hash, modulusLength } = algorithm as Partial<RsaHashedKeyAlgorithm>;
  // RFC 7518 §3.3: 2048 bits or more.
  const isRs256 = name === 'RSASSA-PKCS1-v1_5' && hash?.name === 'SHA-256' && (modulusLength ?? 0) >= 2048;
  if (!isRs256 || type !== 'public' || !usages.includes('verify') || !isUsableRsaKey(key)) {
    throw new TypeError('The key set has a key that is not a public RSA key for RS256 signatures.');
  }
  rs256Keys.add(key);
}
