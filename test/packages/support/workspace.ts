/*
 * Where things are in the workspace, and how to run a program in a folder.
 */
import { execFile } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll } from 'vitest';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** The folders in packages/, such as `core`. Each is published as `@id-token-guard/core`. */
export const packageNames: readonly string[] = globSync('*/package.json', { cwd: join(ROOT, 'packages') })
  .map(dirname)
  .toSorted();

/** By condition: the file. */
interface Targets {
  readonly types: string;
  /** For Cloudflare Workers and the edge runtimes of Vercel and Next.js. */
  readonly workerd?: string;
  readonly 'edge-light'?: string;
  /** Of `require()`: for bundlers, by condition. */
  readonly module: string | Readonly<Record<string, string>>;
  /** For Node.js, Deno and Bun. */
  readonly node?: string;
  readonly default: string;
}

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly files: readonly string[];
  readonly main: string;
  readonly module: string;
  readonly types: string;
  /** As published. */
  readonly exports: Readonly<Record<string, { readonly import: Targets; readonly require: Targets }>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  /** By package: the version whose code is in the files. */
  readonly inlinedDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

export function readManifest(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
}

/** The pnpm that the setup script pins, such as `pnpm@12.0.0`. */
export const pnpm: string = pinnedPnpm();

function pinnedPnpm(): string {
  const [pinned] = /pnpm@[\d.]+/.exec(readManifest(ROOT).scripts?.['setup'] ?? '') ?? [];
  if (pinned === undefined) {
    throw new Error('The script "setup" of the root package.json does not say which pnpm to use.');
  }
  return pinned;
}

/** The program that `npm install` put in place for the root package. */
export function rootProgram(name: string): string {
  return join(ROOT, 'node_modules', '.bin', name);
}

/** An empty folder for the tests of a file. */
export function temporaryDirectory(): string {
  // Compilers print real paths, and the temporary folder of some systems is a link.
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'packages-')));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Runs a program to its end. Rejects with all it has printed where it fails. */
export async function run(program: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(program, args, { cwd, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${program} ${args.join(' ')}\n${stdout}${stderr}`, { cause: error });
  }
}
