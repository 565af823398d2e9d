/*
 * The packed packages in an application as people write it: compiled with the decorators of TypeScript, as CommonJS and as
 * modules, and run on the oldest and a newer Node.js.
 */
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeRelease } from '../packages/support/release.ts';
import { run } from '../packages/support/workspace.ts';
import { EXECUTABLES } from '../runtimes/executables.ts';

const NEST = join(import.meta.dirname, process.env['NEST'] as string);

const { project } = await makeRelease();
cpSync(join(NEST, 'node_modules'), join(project, 'node_modules'), {
  recursive: true,
  // What is there already is linked from the workspace, and would be that version of NestJS.
  force: true,
  filter: (source) => !source.endsWith('/.bin'),
});

const ANSWERS = [
  'hello 200 application/json; charset=utf-8 service_account',
  'hello 401 application/json token_missing',
  'others 403 application/json caller_not_allowed',
  'health 200 application/json; charset=utf-8 -',
  'unknown 404 application/json; charset=utf-8 -',
];

describe.each(['commonjs', 'module'])('as %s', (type) => {
  const folder = join(project, type);

  beforeAll(async () => {
    mkdirSync(folder);
    cpSync(join(import.meta.dirname, 'app'), folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type }));
    symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'));
    const compiler = join(NEST, 'node_modules/typescript/bin/tsc');
    // Which of the two a source is, it says by the type of its package.
    await run(process.execPath, [compiler, '-p', '.'], folder);
  });

  test.each(['20', '24'])('on Node.js %s', async (version) => {
    const node = EXECUTABLES[`node ${version}` as keyof typeof EXECUTABLES];

    const output = await run(node, ['dist/app.js'], folder);

    // On Express, then on Fastify.
    expect(output.trim().split('\n')).toEqual([...ANSWERS, ...ANSWERS]);
  });
});
