import { createLocalJWKSet, jwtVerify } from 'jose';
import type { Trust } from '../google/world.ts';
import type { Verify } from './contestant.ts';

/** Keys that are given once, and never renewed. */
export function enter({ audience, issuer, keys }: Trust): Verify {
  const localKeys = createLocalJWKSet({ keys: keys.map((key) => ({ ...key })) });
  const options = { audience, issuer, algorithms: ['RS256'], requiredClaims: ['exp', 'iat', 'sub'] };
  return (token) => jwtVerify(token, localKeys, options);
}
