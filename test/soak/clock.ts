/*
 * The clock of the soak, which runs faster than the one on the wall: ten minutes are ten hours of Google's life. What the
 * guard decides by its clock (freshness of keys, back-off, stale keys, lifetime of tokens) then happens often enough to
 * be seen. Google, the key sets and the verifiers all have this clock, in whatever process they are.
 *
 * Only timeouts are real: they are timers of the runtime.
 */

/** So many seconds on this clock pass in a second on the wall. */
export const SPEED = 60;

/** Where a clock begins, in milliseconds since the epoch: processes that know it have the same clock. */
export function createClock(startedAt: number): () => number {
  return () => startedAt + (Date.now() - startedAt) * SPEED;
}
