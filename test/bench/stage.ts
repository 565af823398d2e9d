/*
 * The built packages and their peers side by side in one `node_modules`, as somebody has them who installed them, and in
 * front of it a copy of this benchmark: so it imports what users import, by the conditions of the runtime.
 */
import { cp, mkdir, readdir, readFile, realpath, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type InstalledPackages, installPackages } from '../runtimes/installed-packages.ts';
import { installBefore } from './before.ts';
import type { SectionName } from './sections/sections.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));

/** What runs in this workspace only. */
const LEFT_HERE = ['node_modules', 'report', 'main.ts', 'options.ts', 'stage.ts', 'before.ts'];

/** Our adapters are of one version with core. */
const NOT_COMPARED = /^(@types\/|esbuild$|lru-cache$|vitest$|@id-token-guard\/(?!core$))/;

/** The sections that compare with what was before. */
const WITH_BEFORE: readonly SectionName[] = ['cold-start', 'bundle-size'];

export interface Stage {
  /** The program that runs one section. */
  readonly program: string;
  /** By package: what is compared. */
  readonly versions: Readonly<Record<string, string>>;
  clear(): Promise<void>;
}

export async function setUpStage(sections: readonly SectionName[]): Promise<Stage> {
  const installed = await installPackages();
  const peers = await linkPeers(installed);
  if (sections.some((name) => WITH_BEFORE.includes(name))) {
    await installBefore(join(installed.directory, 'node_modules'));
  }
  await cp(HERE, installed.directory, {
    recursive: true,
    filter: (path) =>
      path === HERE ||
      !(LEFT_HERE.includes(basename(path)) || path.endsWith('.test.ts') || basename(path) === 'package.json'),
  });
  await symlink(join(HERE, 'load', 'node_modules'), join(installed.directory, 'load', 'node_modules'), 'junction');
  return {
    program: join(installed.directory, 'run-section.ts'),
    versions: peers,
    clear: () => installed.remove(),
  };
}

async function linkPeers({ directory }: InstalledPackages): Promise<Record<string, string>> {
  const { devDependencies } = await readJson(join(HERE, 'package.json'));
  const versions: Record<string, string> = {};
  for (const name of Object.keys(devDependencies)) {
    const source = await realpath(join(HERE, 'node_modules', name));
    const link = join(directory, 'node_modules', name);
    if (!name.startsWith('@id-token-guard/') && !(await exists(link))) {
      await mkdir(dirname(link), { recursive: true });
      await symlink(source, link, 'junction');
    }
    if (!NOT_COMPARED.test(name)) {
      versions[name] = (await readJson(join(source, 'package.json'))).version;
    }
  }
  return versions;
}

async function exists(path: string): Promise<boolean> {
  const names: string[] = await readdir(dirname(path)).catch(() => []);
  return names.includes(basename(path));
}

async function readJson(path: string) {
  return JSON.parse(await readFile(path, 'utf8'));
}
