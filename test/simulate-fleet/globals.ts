import type { Random } from './random.ts';
import type { VirtualTime } from './virtual-time.ts';

/**
 * Puts virtual time and repeatable chance in the place of the real ones while `work` runs: libraries look at them
 * without asking.
 */
export async function withGlobals<T>(time: VirtualTime, random: Random, work: () => Promise<T>): Promise<T> {
  const real = { random: Math.random, now: Date.now, timeout: AbortSignal.timeout };
  Math.random = random;
  Date.now = time.now;
  AbortSignal.timeout = (milliseconds) => {
    const controller = new AbortController();
    time.after(milliseconds, () => controller.abort(new DOMException('The time is up.', 'TimeoutError')));
    return controller.signal;
  };
  try {
    return await work();
  } finally {
    Math.random = real.random;
    Date.now = real.now;
    AbortSignal.timeout = real.timeout;
  }
}
