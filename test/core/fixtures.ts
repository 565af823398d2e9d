/*
 * One fake Google for the tests of a file, the audience of the service and the account that may call it.
 */
import {
  createGoogleIdTokenVerifier,
  type GoogleIdTokenVerifier,
  type GoogleIdTokenVerifierOptions,
  serviceAccount,
} from '@id-token-guard/core';
import { createFakeGoogle } from '@id-token-guard/testing';

export const google = await createFakeGoogle();

export const AUDIENCE = 'https://api.example.com/push';

/** Claims of the one account that may call. */
export const SENDER = {
  sub: '101010101010101010101',
  email: 'sender@my-project.iam.gserviceaccount.com',
  email_verified: true,
};

/** A token that {@link createVerifier} accepts, unless the claims or the header say otherwise. */
export function idToken(claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}): Promise<string> {
  return google.idToken({ aud: AUDIENCE, ...SENDER, ...claims }, header);
}

/** A verifier with a key set of its own, so that no test sees the keys or the failures of another. */
export function createVerifier(options: Partial<GoogleIdTokenVerifierOptions> = {}): GoogleIdTokenVerifier {
  return createGoogleIdTokenVerifier({
    audience: AUDIENCE,
    callers: serviceAccount(SENDER.email),
    keys: google.keySet(),
    ...options,
  });
}
