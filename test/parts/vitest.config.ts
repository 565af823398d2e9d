import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { LONG_TESTS } from './long-tests.ts';

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  // These wait for other processes, which have a time of their own on a machine that has other work.
  test: { include: [...LONG_TESTS], maxWorkers: 2, retry: 2, testTimeout: 120_000, hookTimeout: 120_000 },
});
