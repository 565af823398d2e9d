import { createVerifier } from 'fast-jwt';
import buildGetJwks from 'get-jwks';
import type { Trust } from '../google/world.ts';
import type { Verify } from './contestant.ts';

export function enter(trust: Trust): Verify {
  return createVerifier(optionsOf(trust));
}

/** As the README of get-jwks says, but with a fixed address: it would take that from the token's issuer. */
export function optionsOf({ audience, issuer, jwksUrl }: Trust) {
  const { origin, pathname } = new URL(jwksUrl);
  const getJwks = buildGetJwks({ jwksPath: pathname });
  return {
    key: ({ header }: { header: Record<string, string> }) =>
      getJwks.getPublicKey({ kid: `${header['kid']}`, alg: `${header['alg']}`, domain: origin }),
    algorithms: ['RS256' as const],
    allowedAud: audience,
    allowedIss: issuer,
    requiredClaims: ['aud', 'exp', 'iat', 'iss', 'sub'],
  };
}
