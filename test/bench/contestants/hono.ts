import { verifyWithJwks } from 'hono/jwt';
import type { Trust } from '../google/world.ts';
import type { Verify } from './contestant.ts';

/** With the keys given: from an address it would fetch them for every token. */
export function enter({ audience, issuer, keys }: Trust): Verify {
  const options = {
    keys: keys.map((key) => ({ ...key })),
    allowedAlgorithms: ['RS256' as const],
    verification: { aud: audience, iss: issuer },
  };
  return (token) => verifyWithJwks(token, options);
}
