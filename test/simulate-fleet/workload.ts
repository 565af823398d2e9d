import { createRandom, exponential } from './random.ts';

/** The life of an isolate: it starts with its first request and dies some time after its last. */
export interface Life {
  /** When each request comes, in milliseconds since the start, in order. */
  requests(): Iterable<Request>;
  readonly start: number;
}

export interface Request {
  readonly at: number;
  /** When its token was issued. */
  readonly issuedAt: number;
}

const MINUTE = 60_000;
const MEAN_LIFE = 30 * MINUTE;
const MEAN_GAP = MINUTE;
/** Senders use a token for most of its hour. */
const MAX_TOKEN_AGE = 55 * MINUTE;

/** Lives whose starts are spread over the time by chance. The same for the same seed, whatever is done with them. */
export function createWorkload(isolates: number, duration: number, seed: number): readonly Life[] {
  const starts = createRandom(seed);
  return Array.from({ length: isolates }, (_, index) => createLife(starts() * duration, duration, seed + index + 1));
}

function createLife(start: number, duration: number, seed: number): Life {
  return {
    start,
    *requests() {
      const random = createRandom(seed);
      const end = Math.min(duration, start + exponential(random, MEAN_LIFE));
      for (let at = start; at <= end; at += exponential(random, MEAN_GAP)) {
        yield { at, issuedAt: at - random() * MAX_TOKEN_AGE };
      }
    },
  };
}
