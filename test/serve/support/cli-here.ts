/*
 * The command line in this process: for what ends by itself, and quicker than in a process of its own.
 */
import { run } from '@id-token-guard/cli';
import { vi } from 'vitest';
import type { Output } from '../../cli/support/cli.ts';

export async function cli(args: readonly string[]): Promise<Output> {
  const output = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      output[stream] += text;
      return true;
    }),
  );
  try {
    return { code: await run(args), ...output };
  } finally {
    for (const spy of spies) {
      spy.mockRestore();
    }
  }
}
