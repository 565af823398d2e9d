/** Tests that take long: `npm run test:parts` runs them, and `npm test` leaves them out to stay below five minutes. */
export const LONG_TESTS: readonly string[] = [
  // A real browser.
  'test/emulator/page-accessibility.test.ts',
  'test/emulator/page-in-browser.test.ts',
  // Every compiler and module resolution, on every Node.js.
  'test/packages/installed.test.ts',
  // A Redis that fails over, and networks that break.
  'test/stores/partition.test.ts',
  'test/stores/redis-failover.test.ts',
];
