import { createGoogleIdTokenVerifier, createGoogleKeySet, serviceAccount } from '@id-token-guard/core';
import type { Trust } from '../google/world.ts';
import type { Verify } from './contestant.ts';

/** As the README says: defaults, and a rule that says who may call, which no peer checks. */
export function enter({ audience, jwksUrl }: Trust): Verify {
  const verifier = createGoogleIdTokenVerifier({
    audience,
    callers: serviceAccount('push-sender@my-project.iam.gserviceaccount.com'),
    keys: createGoogleKeySet({ url: jwksUrl }),
  });
  return (token) => verifier.verify(token);
}
