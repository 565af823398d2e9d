import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { type GoogleIdTokenErrorCode, isGoogleIdTokenError, toRefusal } from '@id-token-guard/core';
import { REFUSALS } from '../../../packages/core/src/errors.ts';
import { piecesIn, valuesIn } from '../../core/hostile/leaks.ts';

/** A line for a log: short, and of plain characters whatever the sender has written. */
const HINT = /^[ -~…]{0,1500}$/;

/**
 * Runs something that may refuse its input; `undefined` where it does.
 *
 * @throws AssertionError where it throws anything but our error, or tells anything of its input
 */
export async function refusedOr<T>(
  input: string,
  work: () => T | Promise<T>,
): Promise<{ result: T } | { code: GoogleIdTokenErrorCode }> {
  try {
    return { result: await work() };
  } catch (error) {
    return { code: checkRefusal(error, input) };
  }
}

function checkRefusal(error: unknown, input: string): GoogleIdTokenErrorCode {
  if (!isGoogleIdTokenError(error)) {
    assert.fail(`Not an error of ours: ${inspect(error)}`);
  }
  const { status, message } = REFUSALS[error.code];
  assert.deepEqual({ status: error.status, message: error.message }, { status, message });
  assert.match(error.hint ?? '', HINT);
  const shown = inspect({ ...error, message, refusal: toRefusal(error), cause: error.cause }, { depth: 5 });
  assert.deepEqual([...piecesIn(shown, input), ...valuesIn(shown, input)], [], 'The error tells of its input.');
  return error.code;
}
