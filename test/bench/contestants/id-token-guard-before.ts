// @ts-expect-error: it is there only where the benchmark runs: before.ts builds it.
import { createGoogleIdTokenVerifier, createGoogleKeySet, serviceAccount } from 'id-token-guard-before';
import type { Trust } from '../google/world.ts';
import type { Verify } from './contestant.ts';

/** The set-up of id-token-guard.ts. */
export function enter({ audience, jwksUrl }: Trust): Verify {
  const verifier = createGoogleIdTokenVerifier({
    audience,
    callers: serviceAccount('push-sender@my-project.iam.gserviceaccount.com'),
    keys: createGoogleKeySet({ url: jwksUrl }),
  });
  return (token) => verifier.verify(token);
}
