import { createEventQueue } from './event-queue.ts';

/** Time that passes only between events: a day takes as long as its events take to compute. */
export interface VirtualTime {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds since the start. */
  elapsed(): number;
  /** Lets something happen this many milliseconds from now. */
  after(milliseconds: number, action: () => void): void;
  /** Work that takes no virtual time holds the clock, from +1 to -1. */
  hold(change: 1 | -1): void;
  /** Lets everything happen, until nothing is left. */
  run(): Promise<void>;
}

const START = Date.UTC(2030, 0, 1);

export function createVirtualTime(): VirtualTime {
  const queue = createEventQueue();
  let elapsed = 0;
  let held = 0;
  return {
    now: () => START + elapsed,
    elapsed: () => elapsed,
    after: (milliseconds, action) => queue.add({ at: elapsed + milliseconds, action }),
    hold(change) {
      held += change;
    },
    async run() {
      for (let event = queue.takeFirst(); event !== undefined; event = queue.takeFirst()) {
        elapsed = event.at;
        event.action();
        // What follows from promises is done after one turn; real work such as the import of keys may take more.
        do {
          await new Promise((resolve) => setImmediate(resolve));
        } while (held > 0);
      }
    },
  };
}
