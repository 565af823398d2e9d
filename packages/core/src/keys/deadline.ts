/**
 * Runs work that must be done in time, also when it does not listen to its abort signal.
 *
 * The timer of `AbortSignal.timeout` does not keep a Node.js process alive.
 *
 * @throws Error with the given message when the time is up
 */
export async function within<T>(
  seconds: number,
  message: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const signal = AbortSignal.timeout(Math.ceil(seconds * 1000));
  const timeIsUp = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error(message)), { once: true });
  });
  // Within an async function, so that work that throws at once is a rejection like any other.
  const done = (async () => work(signal))();
  return Promise.race([done, timeIsUp]);
}
