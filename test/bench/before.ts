/*
 * Core as it was at a commit, built as it was then: what the work since has brought is measured beside it, on the same
 * machine in the same run.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The last one before the packages were bundled, and before keys were fetched over `node:https`. */
const COMMIT = '815bac2';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const run = promisify(execFile);

/**
 * Puts it into a `node_modules`, as `id-token-guard-before`.
 *
 * @returns `false` where the commit is not at hand, as in a shallow clone
 */
export async function installBefore(modules: string): Promise<boolean> {
  const workspace = await mkdtemp(join(tmpdir(), 'before-'));
  try {
    const archive = join(workspace, 'before.tar');
    const paths = ['tsconfig.base.json', 'packages/core'];
    await run('git', ['archive', '--output', archive, COMMIT, ...paths], { cwd: ROOT });
    await run('tar', ['-xf', archive, '-C', workspace]);
    await link(join(ROOT, 'node_modules'), join(workspace, 'node_modules'));
    const core = join(workspace, 'packages/core');
    await linkDependencies(join(core, 'node_modules'));
    await run(join(ROOT, 'node_modules/.bin/tsc'), ['--build', core], { cwd: workspace });
    await install(core, join(modules, 'id-token-guard-before'));
    return true;
  } catch (error) {
    if (/not a valid object name|not a git repository|not a tree object|ENOENT/.test(String(error))) {
      return false;
    }
    throw error;
  } finally {
    await rm(workspace, { recursive: true });
  }
}

async function install(core: string, to: string): Promise<void> {
  const { publishConfig, ...manifest } = JSON.parse(await readFile(join(core, 'package.json'), 'utf8'));
  await cp(join(core, 'dist'), join(to, 'dist'), { recursive: true });
  await linkDependencies(join(to, 'node_modules'));
  const published = { ...manifest, ...publishConfig, name: 'id-token-guard-before' };
  await writeFile(join(to, 'package.json'), JSON.stringify(published));
}

/** lru-cache as it was then: this folder has it for nothing else. */
async function linkDependencies(modules: string): Promise<void> {
  const here = join(ROOT, 'test/bench/node_modules');
  await link(join(here, 'jose'), join(modules, 'jose'));
  await link(join(here, 'lru-cache'), join(modules, 'lru-cache'));
}

async function link(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await symlink(await realpath(from), to, 'junction');
}
