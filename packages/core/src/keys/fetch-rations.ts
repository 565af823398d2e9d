import { createTokenBucket, type TokenBucket } from './token-bucket.ts';

/**
 * Bounds the fetches that unknown key ids may cause: 2 in 30 s for each verifier, so that none can spend those of another
 * one, and 6 in 30 s for all together, so that Google is not flooded however many there are.
 *
 * Strangers cannot spend the last one. It is kept for callers that have been accepted before, so that a flood of
 * invented key ids does not keep a real rotation waiting. A fetch that did find the key is given back.
 */
export interface FetchRations {
  /** Takes a fetch. Returns 0, or in how many seconds there will be one to take. */
  take(owner: object | undefined, who: 'stranger' | 'familiar', now: number): number;
  giveBack(owner: object | undefined): void;
}

export function createFetchRations(): FetchRations {
  const ofAll = createTokenBucket(6, 5);
  // Made when it is first needed: most verifiers never meet an unknown key id.
  const ofOwners = new WeakMap<object, TokenBucket>();

  /** Whoever does not say who he is shares one ration with all who do not. */
  function of(owner: object = ofOwners): TokenBucket {
    const own = ofOwners.get(owner) ?? createTokenBucket(2, 15);
    ofOwners.set(owner, own);
    return own;
  }

  return {
    take(owner, who, now) {
      const least = who === 'stranger' ? 2 : 1;
      const buckets = [of(owner), ofAll];
      const wait = Math.max(...buckets.map((bucket) => bucket.waitSeconds(least, now)));
      if (wait === 0) {
        for (const bucket of buckets) {
          bucket.take();
        }
      }
      return wait;
    },
    giveBack(owner) {
      of(owner).giveBack();
      ofAll.giveBack();
    },
  };
}
