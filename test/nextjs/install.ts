/*
 * Makes of each folder an app that somebody could have: Next.js from npm, our packages as they are published, and the
 * same routes.
 */
import { execFile } from 'node:child_process';
import { cp, readFile, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { installPackages } from '../runtimes/installed-packages.ts';
import { APPS } from './next.ts';

const OUR_PACKAGES = ['core', 'fetch'];
const PACKAGES = fileURLToPath(new URL('../../packages', import.meta.url));

export async function setup(): Promise<void> {
  const { directory, remove } = await installPackages();
  for (const app of APPS) {
    // Its packages need no scripts.
    await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: app });
    for (const name of OUR_PACKAGES) {
      const path = join('node_modules/@id-token-guard', name);
      await cp(join(directory, path), join(app, path), { recursive: true });
      await installDependencies(name, app);
    }
    await rm(join(app, 'app'), { recursive: true, force: true });
    await cp(join(import.meta.dirname, 'app'), join(app, 'app'), { recursive: true });
  }
  await remove();
}

/** What a package of ours has from elsewhere; none of it has dependencies of its own. */
async function installDependencies(name: string, app: string): Promise<void> {
  const { dependencies = {} } = JSON.parse(await readFile(join(PACKAGES, name, 'package.json'), 'utf8'));
  for (const dependency of Object.keys(dependencies).filter((each) => !each.startsWith('@id-token-guard/'))) {
    const source = await realpath(join(PACKAGES, name, 'node_modules', dependency));
    await cp(source, join(app, 'node_modules', dependency), { recursive: true });
  }
}
