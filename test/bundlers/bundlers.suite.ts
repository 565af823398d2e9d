/*
 * A program and the packed packages in one file, made by the bundlers that people use. On Node.js each has to find
 * node:crypto, whatever it was bundled for, and to do without where there is no `process`.
 */
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeRelease } from '../packages/support/release.ts';
import { run } from '../packages/support/workspace.ts';
import { bundlings } from './bundles.ts';
import { answersTo, SIGNATURES, startGoogle } from './given.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));

const { project } = await makeRelease();
const google = await startGoogle();
afterAll(() => google.close());

beforeAll(() => {
  mkdirSync(join(project, 'out'));
  copyFileSync(join(HERE, 'program.js'), join(project, 'program.js'));
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  writeFileSync(join(project, 'given.json'), JSON.stringify(google.given));
});

describe.each(bundlings)('the bundle of $name', ({ outfile, command }) => {
  const bundle = join(project, 'out', outfile);

  test('is made without an error', async () => {
    const [program = '', ...args] = command(join(project, 'program.js'), bundle);

    await run(program, args, project);
  });

  test('takes node:crypto on Node.js', async () => {
    expect(await runBundle()).toEqual({ answers: answersTo(google.given), asked: { node: SIGNATURES, web: 0 } });
  });

  test('takes Web Cryptography where there is no process', async () => {
    expect(await runBundle('without-process')).toEqual({
      answers: answersTo(google.given),
      asked: { node: 0, web: SIGNATURES },
    });
  });

  async function runBundle(...mode: string[]): Promise<unknown> {
    const args = [join(HERE, 'run.js'), bundle, join(project, 'given.json'), ...mode];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: project });
    return JSON.parse(stdout);
  }
});
