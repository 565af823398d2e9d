const FIRST_SECONDS = 1.25;
const MAX_SECONDS = 60;

/**
 * Spaces the attempts while they fail: from 1 s, doubling, to 60 s, each up to a fifth shorter by chance, so that a
 * fleet does not knock all at once. Counted on attempts, whatever they brought.
 */
export interface Backoff {
  /** How long until another attempt may be made; 0: now. In seconds. */
  waitSeconds(now: number): number;
  failed(now: number): void;
  succeeded(): void;
  readonly failures: number;
}

export function createBackoff(): Backoff {
  let failures = 0;
  let failedAt = 0;
  let delaySeconds = 0;
  return {
    waitSeconds(now) {
      const elapsed = (now - failedAt) / 1000;
      // A clock that jumped back would lock the set for as long; then an attempt is due instead.
      return failures === 0 || !(elapsed >= 0) ? 0 : Math.max(0, delaySeconds - elapsed);
    },
    failed(now) {
      failures += 1;
      failedAt = now;
      delaySeconds = Math.min(MAX_SECONDS, FIRST_SECONDS * 2 ** (failures - 1)) * (1 - 0.2 * Math.random());
    },
    succeeded() {
      failures = 0;
    },
    get failures() {
      return failures;
    },
  };
}
