/*
 * How each runtime is started, and how it runs the conformance suite.
 */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EdgeVM } from '@edge-runtime/vm';
import { Miniflare } from 'miniflare';
import { bundle, EDGE_CONDITIONS, installProgram, WORKERD_CONDITIONS } from './bundle.ts';
import type { Outside } from './conformance/outside.ts';
import type { Result } from './conformance/suite.ts';
import { EXECUTABLES } from './executables.ts';

export interface Runtime {
  readonly name: string;
  /** `undefined`: it is not installed here. */
  version(): Promise<string | undefined>;
  /** Runs the suite on the packages that are installed in a directory. */
  run(directory: string, outside: Outside): Promise<Result[]>;
}

export const runtimes: readonly Runtime[] = [
  commandLine('Node.js 20', EXECUTABLES['node 20']),
  commandLine('Node.js 22', EXECUTABLES['node 22']),
  commandLine('Node.js 24', EXECUTABLES['node 24']),
  commandLine('Node.js 26', EXECUTABLES['node 26']),
  commandLine('Deno', EXECUTABLES.deno, ({ keyServer }, directory) => [
    'run',
    '--no-prompt',
    `--allow-read=${directory}`,
    `--allow-net=${new URL(keyServer.url).host}`,
  ]),
  commandLine('Bun', EXECUTABLES.bun),
  { name: 'Cloudflare Workers (workerd)', version: workerdVersion, run: runInWorkerd },
  { name: 'Vercel Edge (edge-runtime)', version: edgeRuntimeVersion, run: runInEdgeRuntime },
];

const execute = promisify(execFile);

function commandLine(
  name: string,
  command: string,
  options: (outside: Outside, directory: string) => string[] = () => [],
): Runtime {
  return {
    name,
    version: () => printedVersion(command),
    async run(directory, outside) {
      const program = await installProgram('runners/process.ts', directory);
      const input = join(directory, 'outside.json');
      await writeFile(input, JSON.stringify(outside));
      const { stdout } = await execute(command, [...options(outside, directory), program, input], { cwd: directory });
      return JSON.parse(stdout);
    },
  };
}

async function runInWorkerd(directory: string, outside: Outside): Promise<Result[]> {
  const program = await installProgram('runners/worker.ts', directory);
  const contents = await bundle(program, WORKERD_CONDITIONS, 'esm');
  const miniflare = new Miniflare({
    cf: false,
    modules: [{ type: 'ESModule', path: 'worker.mjs', contents }],
    // Without compatibility flags: nothing of Node.js is there.
    compatibilityDate: '2025-09-01',
  });
  try {
    const body = JSON.stringify(outside);
    const response = await miniflare.dispatchFetch('http://localhost', { method: 'POST', body });
    return (await response.json()) as Result[];
  } finally {
    await miniflare.dispose();
  }
}

async function runInEdgeRuntime(directory: string, outside: Outside): Promise<Result[]> {
  const program = await installProgram('runners/edge.ts', directory);
  const { context } = new EdgeVM({ initialCode: await bundle(program, EDGE_CONDITIONS, 'iife') });
  return JSON.parse(await context['runConformance'](JSON.stringify(outside)));
}

/** The executable that miniflare starts. */
function workerdVersion(): Promise<string | undefined> {
  return printedVersion(createRequire(import.meta.resolve('miniflare'))('workerd').default);
}

async function printedVersion(command: string): Promise<string | undefined> {
  const printed = await execute(command, ['--version']).catch(() => undefined);
  return printed && /\d[\d.-]+/.exec(printed.stdout)?.[0];
}

async function edgeRuntimeVersion(): Promise<string | undefined> {
  const manifest = new URL('node_modules/@edge-runtime/vm/package.json', import.meta.url);
  return JSON.parse(await readFile(manifest, 'utf8')).version;
}
