import { globSync } from 'node:fs';

/** How many test files are asked for each mutant at most, and none of the slow ones; not set: all. */
export const TEST_FILES_VARIABLE = 'MUTATION_TEST_FILES';

/** The tests of core, and those of one adapter: that for the headers of Node.js. */
const PATTERNS = ['test/core/**/*.test.ts', 'test/stores/*.test.ts', 'test/adapters/express.test.ts'];

/** Their processes run the sources as they are, not as they are mutated. */
const ELSEWHERE = [
  'test/core/keys/process.test.ts',
  'test/core/keys/large-answers.test.ts',
  'test/core/keys/tls.test.ts',
  'test/core/keys/proxy.test.ts',
];

/** They wait for servers that come and go; what they say of the sources, others say sooner. */
const PATIENT = ['test/stores/partition.test.ts', 'test/stores/redis-failover.test.ts'];

/** Some seconds each, most of them spent waiting. */
const SLOW = [
  'test/core/keys/cold-outage.test.ts',
  'test/core/keys/late-results.test.ts',
  'test/core/keys/outage.test.ts',
  'test/core/keys/rotation.test.ts',
  'test/core/keys/store-failures.test.ts',
  'test/stores/cloudflare.test.ts',
  'test/stores/redis.test.ts',
];

/** The tests that are asked, in the working directory. */
export function testFiles(): string[] {
  const always = [...ELSEWHERE, ...PATIENT];
  const leftOut = process.env[TEST_FILES_VARIABLE] ? [...always, ...SLOW] : always;
  return globSync(PATTERNS)
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !leftOut.includes(path));
}
