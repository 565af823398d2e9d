/*
 * The packages, built from a copy of the sources: the dist folders of the workspace may be old, or be written by another
 * test at the same time.
 */
import { execFile } from 'node:child_process';
import { cpSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const COPIED = [
  ...['package.json', 'pnpm-workspace.yaml', '.pnpmfile.cjs', 'LICENSE'],
  ...['tsconfig.base.json', 'tsconfig.packages.json', 'tsdown.config.ts', 'build', 'packages'],
];

/** @param workspace the folder to make: like the workspace, with `packages/NAME/dist` */
export async function buildCopy(workspace: string): Promise<void> {
  for (const path of COPIED) {
    cpSync(join(ROOT, path), join(workspace, path), {
      recursive: true,
      // Links between the packages are relative: in the copy they lead to the copies.
      verbatimSymlinks: true,
      filter: (source) => basename(source) !== 'dist',
    });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(workspace, 'node_modules'));
  await promisify(execFile)(join(ROOT, 'node_modules/.bin/tsdown'), [], { cwd: workspace });
}
