/*
 * The command line as somebody has it who installed it: Node.js does not have to read TypeScript, which takes memory.
 */
import { mkdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages } from '../../runtimes/installed-packages.ts';

export interface BuiltCli {
  /** The program to start. */
  readonly main: string;
  remove(): Promise<void>;
}

const SERVE = fileURLToPath(new URL('../../../packages/serve', import.meta.url));

export async function buildCli(): Promise<BuiltCli> {
  const { directory, remove } = await installPackages();
  const modules = join(directory, 'node_modules');
  const { dependencies } = JSON.parse(readFileSync(join(SERVE, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies).filter((each) => !each.startsWith('@id-token-guard/'))) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(realpathSync(join(SERVE, 'node_modules', name)), join(modules, name));
  }
  return { main: join(modules, '@id-token-guard/cli/dist/main.js'), remove };
}
