/** Bounds how often something may be done: so many times at once, and once more each so many seconds. */
export interface TokenBucket {
  /** How long until there are at least so many tokens; 0: there are. In seconds. */
  waitSeconds(least: number, now: number): number;
  take(): void;
  giveBack(): void;
}

export function createTokenBucket(capacity: number, secondsPerToken: number): TokenBucket {
  // Counted in milliseconds, whole numbers: whoever comes back at the time that he was told finds his token.
  const price = secondsPerToken * 1000;
  const limit = capacity * price;
  let credit = limit;
  let filledAt = Number.NEGATIVE_INFINITY;

  return {
    waitSeconds(least, now) {
      // A clock that jumped back brings nothing and takes nothing.
      credit = now > filledAt ? Math.min(limit, credit + now - filledAt) : credit;
      filledAt = Number.isFinite(now) ? now : filledAt;
      return Math.max(0, least * price - credit) / 1000;
    },
    take() {
      credit -= price;
    },
    giveBack() {
      credit = Math.min(limit, credit + price);
    },
  };
}
