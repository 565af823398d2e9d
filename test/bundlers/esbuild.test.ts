/*
 * In short what bundlers.suite.ts does with all bundlers: whatever a bundle is made for, the runtime is found when it
 * runs. `npm run test:bundlers` installs the others and runs them.
 */
import { execFile } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type BuildOptions, build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installPackages } from '../runtimes/installed-packages.ts';
import { answersTo, SIGNATURES, startGoogle } from './given.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));

const { directory, remove } = await installPackages();
const google = await startGoogle();

beforeAll(() => {
  copyFileSync(join(HERE, 'program.js'), join(directory, 'program.js'));
  writeFileSync(join(directory, 'given.json'), JSON.stringify(google.given));
});
afterAll(async () => {
  google.close();
  await remove();
});

describe.each<BuildOptions & { readonly ending: string }>([
  { platform: 'node', format: 'cjs', ending: 'cjs' },
  { platform: 'browser', format: 'esm', ending: 'mjs' },
  { platform: 'neutral', format: 'esm', ending: 'mjs' },
])('a bundle for $platform', ({ ending, ...options }) => {
  const outfile = join(directory, `${options.platform}.${ending}`);

  test('takes node:crypto on Node.js, and Web Cryptography where there is no process', async () => {
    const { warnings } = await build({
      ...options,
      entryPoints: [join(directory, 'program.js')],
      outfile,
      bundle: true,
      logLevel: 'silent',
    });

    expect(warnings).toEqual([]);
    expect(await run(outfile)).toEqual({ answers: answersTo(google.given), asked: { node: SIGNATURES, web: 0 } });
    expect(await run(outfile, 'without-process')).toEqual({
      answers: answersTo(google.given),
      asked: { node: 0, web: SIGNATURES },
    });
  });
});

test.each(['node', 'browser'] as const)(
  'a bundle for %s that mixes import and require() has one core',
  async (platform) => {
    const { outputFiles } = await build({
      stdin: {
        contents: `
        import * as imported from '@id-token-guard/core';
        const required = require('@id-token-guard/core');
        globalThis.strangers = Object.keys(imported).filter((name) => imported[name] !== required[name]);
        globalThis.names = Object.keys(imported).length;`,
        resolveDir: directory,
      },
      platform,
      bundle: true,
      write: false,
    });
    const context: { strangers?: string[]; names?: number } = {};
    new Function('globalThis', `${outputFiles[0]?.text}`)(Object.assign(context, { navigator, process }));

    expect(context.names).toBeGreaterThan(10);
    expect(context.strangers).toEqual([]);
  },
);

async function run(...args: string[]): Promise<unknown> {
  const [bundle = '', ...mode] = args;
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(HERE, 'run.js'),
    bundle,
    join(directory, 'given.json'),
    ...mode,
  ]);
  return JSON.parse(stdout);
}
