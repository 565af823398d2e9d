/**
 * Runs work that must be done in time, also when it does not listen to its abort signal.
 *
 * The timer of `AbortSignal.timeout` does not keep a process alive; on Deno only as long as nobody listens to it.
 *
 * @throws Error with the given message when the time is up
 */
export async function within<T>(
  seconds: number,
  message: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const signal = AbortSignal.timeout(Math.ceil(seconds * 1000));
  const { promise: timeIsUp, stop } = rejection(signal, message);
  // Within an async function, so that work that throws at once is a rejection like any other.
  const done = (async () => work(signal))();
  return Promise.race([done, timeIsUp]).finally(stop);
}

function rejection(signal: AbortSignal, message: string): { promise: Promise<never>; stop: () => void } {
  let stop = () => {};
  const promise = new Promise<never>((_, reject) => {
    const listener = () => reject(new Error(message));
    signal.addEventListener('abort', listener);
    stop = () => signal.removeEventListener('abort', listener);
  });
  return { promise, stop };
}
