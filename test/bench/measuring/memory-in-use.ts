/** What memory a process takes. In bytes. */
export interface Memory {
  /** JavaScript objects, and what they hold outside of the heap. */
  readonly used: number;
  /** What the operating system counts. */
  readonly resident: number;
}

/** Of this process, with all garbage collected; it needs `--expose-gc`. */
export async function memoryInUse(): Promise<Memory> {
  for (let count = 0; count < 3; count += 1) {
    // As if memory were short: V8 then also gives back what it keeps for objects to come.
    await globalThis.gc?.({ type: 'major', flavor: 'last-resort', execution: 'async' });
    // What has been finalised is let go only in later turns.
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { used: heapUsed + external, resident: rss };
}
