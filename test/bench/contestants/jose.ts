import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { Trust } from '../google/world.ts';
import type { Verify } from './contestant.ts';

export function enter({ audience, issuer, jwksUrl }: Trust): Verify {
  const keys = createRemoteJWKSet(new URL(jwksUrl));
  const options = { audience, issuer, algorithms: ['RS256'], requiredClaims: ['exp', 'iat', 'sub'] };
  return (token) => jwtVerify(token, keys, options);
}
