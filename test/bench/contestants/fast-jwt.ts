import { createPublicKey } from 'node:crypto';
import { createVerifier } from 'fast-jwt';
import type { Trust } from '../google/world.ts';
import type { Verify } from './contestant.ts';

/** With the one key that signs, given once: the fastest that it has. It fetches no keys, and knows no second one. */
export function enter(trust: Trust): Verify {
  return createVerifier(optionsOf(trust));
}

export function optionsOf({ audience, issuer, keys: [key] }: Trust) {
  if (key === undefined) {
    throw new Error('There is no key.');
  }
  const pem = createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  return {
    key: pem,
    algorithms: ['RS256' as const],
    allowedAud: audience,
    allowedIss: issuer,
    requiredClaims: ['aud', 'exp', 'iat', 'iss', 'sub'],
  };
}
