/** Numbers from 0 to 1, the same for the same seed, in place of `Math.random`. */
export type Random = () => number;

/** Mulberry32: small, fast, and good enough where nobody guesses. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Times between the events of a Poisson process have this distribution. */
export function exponential(random: Random, mean: number): number {
  return -Math.log(1 - random()) * mean;
}
