import { JwtVerifier } from 'aws-jwt-verify';
import type { Trust } from '../google/world.ts';
import type { Verify } from './contestant.ts';

/** Keys that are given once, and never renewed; then it need not be asynchronous. */
export function enter({ audience, issuer, jwksUrl, keys }: Trust): Verify {
  const verifier = JwtVerifier.create({ audience, issuer, jwksUri: jwksUrl });
  verifier.cacheJwks({ keys: keys.map((key) => ({ ...key })) });
  return (token) => verifier.verifySync(token);
}
