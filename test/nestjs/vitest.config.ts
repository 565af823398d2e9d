import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** One of each major version of NestJS, in a folder with a lockfile of its own. */
const VERSIONS = ['nest-11', 'nest-12'];

export default defineConfig({
  test: {
    maxWorkers: 2,
    globalSetup: join(import.meta.dirname, 'install.ts'),
    projects: VERSIONS.map((name) => ({
      root: import.meta.dirname,
      // What our sources import of NestJS is then that of the version.
      resolve: { alias: { '@nestjs': join(import.meta.dirname, name, 'node_modules/@nestjs') } },
      test: { name, include: ['*.suite.ts'], testTimeout: 60_000, hookTimeout: 120_000, env: { NEST: name } },
    })),
  },
});
