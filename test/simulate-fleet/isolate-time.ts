import type { VirtualTime } from './virtual-time.ts';

/** How time passes in one isolate: while it works the clock is held, while it waits for others the clock runs. */
export interface IsolateTime {
  /** Work that holds the clock, except while the isolate waits. */
  work<T>(promise: Promise<T>): Promise<T>;
  /** Waits for something outside. */
  wait(milliseconds: number): Promise<void>;
  /** Waits for something that never comes, until the signal says to give up. */
  waitForNothing(signal: AbortSignal): Promise<never>;
}

export function createIsolateTime(time: VirtualTime): IsolateTime {
  let working = 0;
  let waiting = 0;

  function change(work: number, wait: number): void {
    const before = working > 0 && waiting === 0;
    working += work;
    waiting += wait;
    const after = working > 0 && waiting === 0;
    if (before !== after) {
      time.hold(after ? 1 : -1);
    }
  }

  return {
    async work(promise) {
      change(1, 0);
      try {
        return await promise;
      } finally {
        change(-1, 0);
      }
    },
    wait(milliseconds) {
      change(0, 1);
      return new Promise((resolve) => {
        time.after(milliseconds, () => {
          change(0, -1);
          resolve();
        });
      });
    },
    waitForNothing(signal) {
      change(0, 1);
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          change(0, -1);
          reject(signal.reason);
        });
      });
    },
  };
}
