import { GoogleIdTokenError } from '../errors.ts';
import { hintForUnknownKey } from '../hints.ts';
import type { ParsedToken } from '../parse.ts';
import type { KeyRequest, KeySet, UnknownKid, VerificationKey } from './key-set.ts';

/** What a token says of its key, and what tells whether it is worth a fetch. */
export type NamesKey = Pick<ParsedToken, 'kid' | 'unverifiedClaims'>;

/**
 * Finds the key that a token names.
 *
 * @throws GoogleIdTokenError `key_unknown` or `keys_unavailable`
 */
export async function findKey(
  keys: KeySet,
  token: NamesKey,
  request: KeyRequest,
  unknownKid?: () => UnknownKid,
): Promise<VerificationKey> {
  const key = await keys.get(token.kid, unknownKid === undefined ? request : { ...request, unknownKid });
  if (key === undefined) {
    throw new GoogleIdTokenError('key_unknown', { hint: hintForUnknownKey(token.unverifiedClaims) });
  }
  return key;
}
