import { type GoogleIdTokenErrorCode, isGoogleIdTokenError } from '@id-token-guard/core';
import type { Kit } from './kit.ts';

/** One thing that must hold on every runtime. It throws where it does not. */
export interface Check {
  /** Reads as a sentence about the guard. */
  readonly name: string;
  run(kit: Kit): Promise<void> | void;
}

/** @throws Error where the two are not the same as JSON */
export function expectEqual(actual: unknown, expected: unknown): void {
  const [actualText, expectedText] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (actualText !== expectedText) {
    throw new Error(`expected ${expectedText}, got ${actualText}`);
  }
}

/** What became of a verification: `accepted`, or the code of the refusal. Any other failure is thrown on. */
export async function outcome(verification: Promise<unknown>): Promise<'accepted' | GoogleIdTokenErrorCode> {
  try {
    await verification;
    return 'accepted';
  } catch (error) {
    if (isGoogleIdTokenError(error)) {
      return error.code;
    }
    throw error;
  }
}
