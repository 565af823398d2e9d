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

/** Audiences that everybody in the world can get a token for, and whose users they belong to. */
export const SHARED_AUDIENCES: readonly (readonly [sharers: string, audience: string])[] = [
  ['gcloud', '32555940559.apps.googleusercontent.com'],
  ['Application Default Credentials', '764086051850-6qr4p6gpi6hn506pt8ejuq83di341hur.apps.googleusercontent.com'],
  ['Cloud Shell', '618104708054-9r9s1c4alg36erliucho9t52n32n6dgq.apps.googleusercontent.com'],
  ['the OAuth Playground', '407408718192.apps.googleusercontent.com'],
];

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
