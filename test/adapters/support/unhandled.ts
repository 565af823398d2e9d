import { setImmediate as nextTurn } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/** Watches for rejections that nobody handles, which end a process, until the end of the test. */
export function watchUnhandled(): () => Promise<readonly unknown[]> {
  const unhandled: unknown[] = [];
  const listener = (reason: unknown) => void unhandled.push(reason);
  process.on('unhandledRejection', listener);
  onTestFinished(() => void process.off('unhandledRejection', listener));
  return async () => {
    await nextTurn();
    return unhandled;
  };
}
