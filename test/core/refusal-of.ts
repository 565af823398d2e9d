import { type GoogleIdTokenError, isGoogleIdTokenError } from '@id-token-guard/core';

/** Does what must be refused and returns the refusal. Whatever else happens fails the test. */
export async function refusalOf(attempt: () => unknown): Promise<GoogleIdTokenError> {
  try {
    await attempt();
  } catch (error) {
    if (isGoogleIdTokenError(error)) {
      return error;
    }
    throw error;
  }
  throw new Error('It was not refused.');
}
