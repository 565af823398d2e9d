/*
 * docs/reference is what the doc comments say now.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { ROOT, run, temporaryDirectory } from '../packages/support/workspace.ts';

// A compiler that reads everything takes its time where other tests run beside it.
vi.setConfig({ testTimeout: 60_000 });

const TYPEDOC = join(ROOT, 'docs/node_modules/typedoc/bin/typedoc');

test('the API reference is up to date: `npm run docs:api` writes it', async () => {
  const now = temporaryDirectory();
  await run(process.execPath, [TYPEDOC, '--options', 'docs/typedoc.config.ts', '--out', now], ROOT);

  const written = pagesIn(join(ROOT, 'docs/reference'));
  expect(Object.keys(written)).toContain('core/stores.md');
  expect(written).toEqual(pagesIn(now));
});

function pagesIn(directory: string): Record<string, string> {
  return Object.fromEntries(
    globSync('**/*.md', { cwd: directory }).map((path) => [path, readFileSync(join(directory, path), 'utf8')]),
  );
}
