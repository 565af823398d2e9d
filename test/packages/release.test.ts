/*
 * How releases are made, as far as files tell: workflows that can do no more than they must, and run only the code that
 * was looked at.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageNames, pnpm, ROOT } from './support/workspace.ts';

const workflows = [
  { name: 'ci', granted: ['contents: read', 'contents: read'] },
  { name: 'release', granted: ['contents: read', 'contents: read', 'id-token: write'] },
].map((workflow) => ({
  ...workflow,
  text: readFileSync(join(ROOT, `.github/workflows/${workflow.name}.yml`), 'utf8'),
}));
const [ci = '', release = ''] = workflows.map(({ text }) => text);

describe.each(workflows)('the workflow $name', ({ text, granted }) => {
  test('may do nothing but what its jobs ask for: read the code, and sign', () => {
    const asked = text.match(/[\w-]+: (read|write)(-all)?$/gm);

    expect(text).toMatch(/^permissions: \{\}$/m);
    expect(asked).toEqual(granted);
  });

  test('takes actions by commit, with the version in a comment', () => {
    const uses = text.match(/uses: .+/g) ?? [];

    expect(uses).not.toHaveLength(0);
    for (const line of uses) {
      expect(line).toMatch(/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  test('names its steps in sentences', () => {
    const steps = text.match(/^ {6}- .+$/gm) ?? [];

    expect(steps).not.toHaveLength(0);
    for (const step of steps) {
      expect(step).toMatch(/^ {6}- name: [A-Z]\w+ .+$/);
    }
  });
});

test('CI runs npm test on every Node.js that the packages support', () => {
  expect(ci).toContain('node: [20, 22, 24, 26]');
  expect(ci).toContain('run: npm test');
});

test('a release can sign only in the job that publishes, which waits for the tests', () => {
  const [before = '', publish = ''] = release.split(/^ {2}publish:$/m);

  expect(before).not.toContain('id-token');
  expect(before).toContain('run: npm test');
  expect(publish).toMatch(/^ {4}needs: test$/m);
  expect(publish).toMatch(/^ {6}id-token: write$/m);
  expect(publish).toContain('publish --provenance');
});

test('a release needs no secret, and takes nothing from a cache', () => {
  expect(release).not.toContain('secrets.');
  expect(release.match(/package-manager-cache: false/g)).toHaveLength(release.match(/setup-node@/g)?.length ?? 0);
});

test('a release uses the pnpm that the setup script pins', () => {
  const used = release.match(/pnpm@[\d.]+/g) ?? [];

  expect(new Set(used)).toEqual(new Set([pnpm]));
});

test('changesets keep all packages at one version', () => {
  const { fixed } = JSON.parse(readFileSync(join(ROOT, '.changeset/config.json'), 'utf8')) as { fixed: string[][] };

  expect(fixed).toEqual([packageNames.map((name) => `@id-token-guard/${name}`)]);
});
