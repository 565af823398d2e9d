/*
 * The programs in the documents, as files of a project that has the packages, and all that the tests have, installed.
 * Line 7 of docs/keys.md is in docs/keys.md/7.ts.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT, rootProgram, temporaryDirectory } from '../../packages/support/workspace.ts';
import type { Problem } from './documents.ts';
import { isCompiled, isRun } from './fences.ts';
import type { CodeBlock } from './markdown.ts';

/** Whatever is `run` ends well before. */
const PATIENCE_MS = 30_000;

/** Writes what is to be compiled. Returns the folder. */
export function writeProject(blocks: readonly CodeBlock[]): string {
  const project = temporaryDirectory();
  symlinkSync(join(ROOT, 'test/node_modules'), join(project, 'node_modules'));
  writeFileSync(join(project, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(TSCONFIG));
  for (const block of blocks.filter(isCompiled)) {
    const file = join(project, fileOf(block));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, block.text);
  }
  return project;
}

const TSCONFIG = {
  extends: join(ROOT, 'tsconfig.json'),
  compilerOptions: { types: ['node'], moduleDetection: 'force', allowJs: true, checkJs: true },
  include: ['**/*.ts', '**/*.js'],
};

/** What the compiler says, by line of the document. */
export async function compile(project: string): Promise<Problem[]> {
  const { failed, output } = await execute(rootProgram('tsc'), ['--project', '.', '--pretty', 'false'], project);
  const problems = Array.from(
    output.matchAll(/^(.+)\/(\d+)(?:\.test)?\.[tj]s\((\d+),\d+\): (.+)$/gm),
    ([, document, start, line, message]): Problem => `${document}:${Number(start) + Number(line) - 1}: ${message}`,
  );
  if (failed && problems.length === 0) {
    throw new Error(output);
  }
  return problems;
}

/** Runs a program to its end: with vitest, where it imports it. */
export async function runProgram(project: string, block: CodeBlock): Promise<Problem | undefined> {
  const args = isVitest(block) ? [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run'] : [];
  const { failed, output } = await execute(process.execPath, [...args, fileOf(block)], project);
  return failed ? `${block.document}:${block.line}: does not run. ${output}` : undefined;
}

/** Where a program is in the project. */
export function fileOf(block: CodeBlock): string {
  const isTest = isRun(block) && isVitest(block);
  return `${block.document}/${block.line}${isTest ? '.test' : ''}.${block.language}`;
}

function isVitest({ text }: CodeBlock): boolean {
  return /from 'vitest'/.test(text);
}

async function execute(program: string, args: string[], cwd: string): Promise<{ failed: boolean; output: string }> {
  // A vitest of its own, not a worker of this one.
  const environment = Object.entries(process.env).filter(([name]) => !/^(VITE|NODE_ENV|TEST$|MODE$)/.test(name));
  try {
    const { stdout } = await promisify(execFile)(program, args, {
      cwd,
      timeout: PATIENCE_MS,
      env: Object.fromEntries(environment),
    });
    return { failed: false, output: stdout };
  } catch (error) {
    const { stdout = '', stderr = '', killed } = error as { stdout?: string; stderr?: string; killed?: boolean };
    return { failed: true, output: `${stdout}${stderr}${killed ? `Stopped after ${PATIENCE_MS / 1000} s.` : ''}` };
  }
}
