/*
 * `npm run test:serve`: what takes longer than `npm test` may.
 */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    retry: 1,
    root: import.meta.dirname,
    include: ['long/*.long.ts'],
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
