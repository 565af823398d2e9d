/*
 * The packages as somebody has them who installed them: built, with the manifests that are published. In the workspace
 * their names lead to TypeScript sources, which no runtime but Node.js should have to read.
 */
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildCopy } from '../commands/build-copy.ts';

/** What the packages and the suite need from elsewhere. What these need themselves is found beside them. */
const THIRD_PARTY = ['lru-cache', 'hono', '@hono/node-server', 'express', 'fastify', 'koa'];

/** A directory whose `node_modules` has the packages. */
export interface InstalledPackages {
  readonly directory: string;
  remove(): Promise<void>;
}

export async function installPackages(): Promise<InstalledPackages> {
  // A temporary directory may be a link itself; runtimes that ask for permissions know files by their real names.
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'id-token-guard-')));
  const workspace = join(directory, 'workspace');
  await buildCopy(workspace);
  const modules = join(directory, 'node_modules');
  await mkdir(modules);
  for (const name of await readdir(join(workspace, 'packages'))) {
    await installPackage(join(workspace, 'packages', name), join(modules, '@id-token-guard', name));
  }
  await rm(workspace, { recursive: true });
  for (const name of THIRD_PARTY) {
    const source = new URL(`node_modules/${name}`, import.meta.url);
    await mkdir(join(modules, name, '..'), { recursive: true });
    await symlink(await realpath(source), join(modules, name), 'junction');
  }
  await writeFile(join(directory, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) };
}

async function installPackage(from: string, to: string): Promise<void> {
  const { publishConfig, ...manifest } = JSON.parse(await readFile(join(from, 'package.json'), 'utf8'));
  await cp(join(from, 'dist'), join(to, 'dist'), { recursive: true });
  await writeFile(join(to, 'package.json'), JSON.stringify({ ...manifest, ...publishConfig }));
}
