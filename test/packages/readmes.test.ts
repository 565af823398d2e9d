/*
 * The READMEs that the registry shows. Their programs and links are checked with those of all documents in test/docs;
 * installed.test.ts compiles the programs against what is published.
 */
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readReadme } from './support/readme.ts';
import { packageNames, ROOT, readManifest, run, temporaryDirectory } from './support/workspace.ts';

/** A folder in which the program stands as if in the workspace. */
const project = temporaryDirectory();
symlinkSync(join(ROOT, 'test/node_modules'), join(project, 'node_modules'));
writeFileSync(join(project, 'package.json'), JSON.stringify({ type: 'module' }));
writeFileSync(join(project, 'testing.ts'), readReadme('testing').programs.join('\n'));

describe.each(packageNames)('the README of %s', (name) => {
  const { text, programs } = readReadme(name);
  const { name: fullName, description } = readManifest(join(ROOT, 'packages', name));

  test('begins with the name and the sentence of the manifest', () => {
    expect(text.split('\n').slice(0, 4)).toEqual([`# ${fullName}`, '', description, '']);
    expect(description).toMatch(/^\w((?!\. ).)+\.$/);
  });

  test('has the line to install it, one program, and a link to the README of the project', () => {
    expect(text).toMatch(new RegExp(`^npm install (--save-dev )?${fullName}( [\\w@/-]+)*$`, 'm'));
    expect(programs).toHaveLength(1);
    expect(text).toContain('[id-token-guard](../../README.md)');
  });
});

test('the tests that the README of testing shows pass', async () => {
  const output = await run(process.execPath, ['--test', '--test-reporter=tap', 'testing.ts'], project);

  expect(output).toMatch(/^ok 1 - greets the sender$/m);
  expect(output).toMatch(/^# fail 0$/m);
});
