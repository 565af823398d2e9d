/*
 * What functions of the application throw and reject with may be anything. It goes no further than this.
 */

/**
 * Whatever was thrown, as an `Error`.
 *
 * Frameworks take some values for no error at all, or for a word to go on elsewhere, as `next(undefined)` and
 * `next('route')` of Express do: then the handler would run.
 */
export function asError(thrown: unknown): Error {
  return isError(thrown) ? thrown : new Error('Something that is not an Error was thrown.', { cause: thrown });
}

function isError(value: unknown): value is Error {
  try {
    return value instanceof Error;
  } catch {
    return false; // A proxy that has been revoked.
  }
}

/** Takes care of what a function returned that has no promise to return: nobody would handle a rejection of it. */
export function ignoreRejection(result: unknown): void {
  if (Object(result) === result) {
    // Any thenable, of whatever realm.
    Promise.resolve(result).catch(() => {});
  }
}
