import { GoogleIdTokenError } from '../errors.ts';
import { hintForUnknownKey } from '../hints.ts';
import type { ParsedToken } from '../parse.ts';
import type { KeyRequest, KeySet, UnknownKid, VerificationKey } from './key-set.ts';

/**
 * Finds the key that a token names.
 *
 * @throws GoogleIdTokenError `key_unknown` or `keys_unavailable`
 */
export async function findKey(
  keys: KeySet,
  token: ParsedToken,
  request: KeyRequest,
  unknownKid?: () => UnknownKid,
): Promise<VerificationKey> {
  const key = await keys.get(token.kid, unknownKid === undefined ? request : { ...request, unknownKid });
  if (key === undefined) {
    throw new GoogleIdTokenError('key_unknown', { hint: hintForUnknownKey(token.unverifiedClaims) });
  }
  return key;
}
