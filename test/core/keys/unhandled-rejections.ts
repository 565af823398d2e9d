/*
 * Imported by every test file of this folder: whatever a test does, no rejection may be left unhandled. In a server that
 * would be the end of the process.
 */
import { setImmediate } from 'node:timers/promises';
import { afterAll, expect } from 'vitest';

const unhandled: unknown[] = [];
process.on('unhandledRejection', (reason) => unhandled.push(reason));

/** The rejections that nobody has handled so far. */
export async function unhandledRejections(): Promise<readonly unknown[]> {
  await setImmediate();
  return unhandled;
}

afterAll(async () => {
  expect(await unhandledRejections()).toEqual([]);
});
