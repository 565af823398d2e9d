/*
 * Only promises are awaited: who answers at once need not wait for a turn of the microtask queue.
 */
import type { Lap } from './measure.ts';

/** Does it for all values, so many at a time. */
export function inFlight<T>(limit: number, values: readonly T[], work: (value: T) => unknown): Lap {
  return async () => {
    const iterator = values.values();
    await Promise.all(Array.from({ length: limit }, drain));
    return values.length;

    async function drain(): Promise<void> {
      for (const value of iterator) {
        const result = work(value);
        if (result instanceof Promise) {
          await result;
        }
      }
    }
  };
}

/** Does it for all values, one at a time. */
export function oneByOne<T>(values: readonly T[], work: (value: T) => unknown): Lap {
  return async () => {
    for (const value of values) {
      const result = work(value);
      if (result instanceof Promise) {
        await result;
      }
    }
    return values.length;
  };
}

const BETWEEN_LOOKS = 50;

/** Does it again and again, one at a time, for about so many milliseconds. */
export function forAbout(milliseconds: number, work: () => unknown): Lap {
  return async () => {
    const end = performance.now() + milliseconds;
    let operations = 0;
    do {
      for (let count = 0; count < BETWEEN_LOOKS; count += 1) {
        const result = work();
        if (result instanceof Promise) {
          await result;
        }
      }
      operations += BETWEEN_LOOKS;
    } while (performance.now() < end);
    return operations;
  };
}

/** A string that no verifier has seen, as a header of a request is: its characters are new, and its hash is unknown. */
export function fresh(bytes: Buffer): string {
  return bytes.toString('latin1');
}

export function freshCopies(tokens: readonly string[]): string[] {
  return tokens.map((token) => fresh(Buffer.from(token, 'latin1')));
}
