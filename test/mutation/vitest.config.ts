/*
 * The tests that mutants run against: those of core that are quick. They run in a copy of this repository, whose
 * node_modules lead back to the original, so each package is named by where it is in the copy.
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('../..', import.meta.url));

export default defineConfig({
  root,
  resolve: { alias: globSync('packages/*/package.json', { cwd: root }).flatMap(sourcesOf) },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
  },
});

function sourcesOf(path: string): { find: RegExp; replacement: string }[] {
  const { name, exports } = JSON.parse(readFileSync(join(root, path), 'utf8'));
  return Object.entries<string>(exports ?? {}).map(([subpath, file]) => ({
    find: new RegExp(`^${join(name, subpath)}$`),
    replacement: join(root, dirname(path), file),
  }));
}
