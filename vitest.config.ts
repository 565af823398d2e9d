import { defineConfig } from 'vitest/config';
import { LONG_TESTS } from './test/parts/long-tests.ts';

export default defineConfig({
  test: {
    // The tests make real RSA keys and real servers; two workers are what small machines have.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'all',
          include: ['test/**/*.test.ts', 'examples/**/*.test.ts'],
          // What `npm run test:jest` and the like run, with what they install.
          exclude: ['**/node_modules/**', 'test/jest/projects/**', ...LONG_TESTS],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        // Once more what goes through parse and signature. The whole of it runs on real runtimes in test/runtimes.
        test: {
          name: 'web runtime',
          include: ['test/core/*.test.ts'],
          exclude: ['test/core/runtime.test.ts'],
          setupFiles: ['test/core/without-node.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
