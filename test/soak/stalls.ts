import type { Outage } from './key-server.ts';

const LOOK_EVERY_MS = 50;
const LATE_MS = 250;

/**
 * Watches for times in which this process did not get to run: on a busy machine an exchange with Google may then take
 * longer than its timeout, whoever is to blame. Tells them on the given clock.
 */
export function watchStalls(now: () => number, onStall: (stall: Outage) => void): () => void {
  let last = { at: now(), real: performance.now() };
  const timer = setInterval(() => {
    const current = { at: now(), real: performance.now() };
    if (current.real - last.real > LOOK_EVERY_MS + LATE_MS) {
      onStall({ from: last.at, to: current.at });
    }
    last = current;
  }, LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
