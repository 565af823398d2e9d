import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'examples/**/*.test.ts'],
    testTimeout: 30_000,
    // The tests make real RSA keys and real servers; two workers are what small machines have.
    maxWorkers: 2,
  },
});
