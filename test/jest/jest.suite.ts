/*
 * Projects with Jest as people have them, in CommonJS, against the packed packages: plain JavaScript without a word of
 * configuration, ts-jest, babel-jest, and jsdom. `npm run test:jest` installs Jest and runs this.
 */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { makeRelease } from '../packages/support/release.ts';
import { EXECUTABLES } from '../runtimes/executables.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const JEST = join(HERE, 'node_modules/jest/bin/jest.js');

const { project } = await makeRelease();
linkModules();

describe.each(['20', '24'])('on Node.js %s', (version) => {
  const node = EXECUTABLES[`node ${version}` as keyof typeof EXECUTABLES];

  test.each([
    ['commonjs', 33],
    ['ts-jest', 16],
    ['babel', 16],
    ['jsdom', 2],
  ])('%s', async (name, count) => {
    const folder = join(project, `${name}-${version}`);
    cpSync(join(HERE, 'projects', name), folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, private: true }));

    const { numPassedTests, numFailedTests, messages, warnings } = await runJest(node, folder);

    expect(messages).toEqual([]);
    expect(warnings).toBe('');
    expect({ numPassedTests, numFailedTests }).toEqual({ numPassedTests: count, numFailedTests: 0 });
  });
});

/** What Jest and its transforms are resolved from stands beside our packages, as after one `npm install`. */
function linkModules(): void {
  const modules = join(HERE, 'node_modules');
  for (const name of readdirSync(modules).filter((each) => !each.startsWith('.') && !each.startsWith('@'))) {
    link(join(modules, name), join(project, 'node_modules', name));
  }
  for (const scope of ['@babel', '@types', '@jest']) {
    for (const name of readdirSync(join(modules, scope))) {
      link(join(modules, scope, name), join(project, 'node_modules', scope, name));
    }
  }
}

function link(from: string, to: string): void {
  if (!existsSync(to)) {
    mkdirSync(dirname(to), { recursive: true });
    symlinkSync(from, to);
  }
}

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly messages: readonly string[];
  /** What Node.js itself has written, as of modules that it takes with a warning. */
  readonly warnings: string;
}

async function runJest(node: string, folder: string): Promise<Report> {
  const outcome = await promisify(execFile)(node, [JEST, '--json', '--silent', '--ci'], { cwd: folder, env: {} }).catch(
    (error: { stdout: string; stderr: string }) => error,
  );
  const report = JSON.parse(outcome.stdout || `{"testResults":[{"message":${JSON.stringify(outcome.stderr)}}]}`);
  return {
    numPassedTests: report.numPassedTests,
    numFailedTests: report.numFailedTests,
    messages: report.testResults.map(({ message }: { message: string }) => message).filter(Boolean),
    warnings: outcome.stderr
      .split('\n')
      .filter((line) => /^\(node:\d+\)/.test(line))
      .join('\n'),
  };
}
