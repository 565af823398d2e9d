import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Installs NestJS as the lockfiles say. */
export async function setup(): Promise<void> {
  for (const version of ['nest-11', 'nest-12']) {
    const cwd = join(import.meta.dirname, version);
    await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd });
  }
}
