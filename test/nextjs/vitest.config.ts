/*
 * `npm run test:nextjs`: two versions of Next.js, as an app has them. Too heavy for `npm test`.
 */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.long.ts'],
    globalSetup: ['install.ts'],
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
});
