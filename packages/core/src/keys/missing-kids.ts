/** As long as a verifier waits for its next fetch: one wrong sender is told the same each time, at a fetch in 15 s. */
const REMEMBERED_MS = 15_000;

/** The key ids that Google was asked for a short while ago, and did not publish. */
export interface MissingKids {
  has(kid: string, now: number): boolean;
  /** Each costs a fetch of a ration, so there are never many. */
  add(kid: string, now: number): void;
}

export function createMissingKids(): MissingKids {
  const askedAt = new Map<string, number>();

  function has(kid: string, now: number): boolean {
    // A negative time: the clock jumped back.
    const elapsed = now - (askedAt.get(kid) ?? Number.NaN);
    return elapsed >= 0 && elapsed < REMEMBERED_MS;
  }

  return {
    has,
    add(kid, now) {
      for (const other of askedAt.keys()) {
        if (!has(other, now)) {
          askedAt.delete(other);
        }
      }
      askedAt.set(kid, now);
    },
  };
}
