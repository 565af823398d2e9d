const CAPACITY = 2;
const SECONDS_PER_TOKEN = 15;

/**
 * Bounds the fetches that unknown key ids may cause: 2 per 30 s.
 *
 * Strangers cannot spend the last one. It is kept for callers that have been accepted before, so that a flood of
 * invented key ids does not keep a real rotation waiting. A fetch that did find the key is given back.
 */
export interface TokenBucket {
  take(who: 'stranger' | 'familiar', now: number): boolean;
  giveBack(): void;
}

export function createTokenBucket(): TokenBucket {
  let tokens = CAPACITY;
  let filledAt = Number.NEGATIVE_INFINITY;

  function fill(now: number): void {
    // A clock that jumped back brings nothing and takes nothing.
    const elapsed = (now - filledAt) / 1000;
    tokens = elapsed > 0 ? Math.min(CAPACITY, tokens + elapsed / SECONDS_PER_TOKEN) : tokens;
    filledAt = Number.isFinite(now) ? now : filledAt;
  }

  return {
    take(who, now) {
      fill(now);
      if (tokens < (who === 'stranger' ? 2 : 1)) {
        return false;
      }
      tokens -= 1;
      return true;
    },
    giveBack() {
      tokens = Math.min(CAPACITY, tokens + 1);
    },
  };
}
