import { JwtVerifier } from 'aws-jwt-verify';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import type { Trust } from '../google/world.ts';
import type { Verify } from './contestant.ts';

/** Its own fetcher speaks https only, which loopback does not. Once it has the keys it never fetches them again. */
export function enter({ audience, issuer, jwksUrl }: Trust): Verify {
  const fetcher = { fetch: async (url: string) => (await fetch(url)).arrayBuffer() };
  const verifier = JwtVerifier.create(
    { audience, issuer, jwksUri: jwksUrl },
    { jwksCache: new SimpleJwksCache({ fetcher }) },
  );
  return (token) => verifier.verify(token);
}
