import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** What runs where there is nothing of Node.js, as on Cloudflare Workers. */
const WEB_RUNTIME = fileURLToPath(new URL('packages/core/src/runtime/web.ts', import.meta.url));

export default defineConfig({
  test: {
    // The tests make real RSA keys and real servers; two workers are what small machines have.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'all',
          include: ['test/**/*.test.ts', 'examples/**/*.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        // Once more what goes through parse and signature. The whole of it runs on real runtimes in test/runtimes.
        resolve: { alias: { '#runtime': WEB_RUNTIME } },
        test: {
          name: 'web runtime',
          include: ['test/core/*.test.ts'],
          exclude: ['test/core/runtime.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
