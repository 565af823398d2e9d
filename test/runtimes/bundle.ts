import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Format } from 'esbuild';

/** Where conditional exports lead on Cloudflare Workers, and on Vercel's edge runtime. */
export const WORKERD_CONDITIONS: readonly string[] = ['workerd', 'worker', 'browser'];
export const EDGE_CONDITIONS: readonly string[] = ['edge-light', 'worker', 'browser'];

/** Puts a program beside the packages, as JavaScript, so that it finds them there and not in the workspace. */
export async function installProgram(path: string, directory: string): Promise<string> {
  const outfile = join(directory, `${path.replace(/.*\//, '').replace('.ts', '')}.mjs`);
  await build({
    entryPoints: [fileURLToPath(new URL(path, import.meta.url))],
    outfile,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    packages: 'external',
  });
  return outfile;
}

/** A program and its packages as one script, for runtimes without modules of their own. */
export async function bundle(program: string, conditions: readonly string[], format: Format): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [program],
    bundle: true,
    conditions: [...conditions],
    format,
    platform: 'neutral',
    target: 'es2022',
    // Asked for only by those who have it. Anything of Node.js in the bundle makes the build fail.
    external: ['msw'],
    write: false,
  });
  return `${outputFiles[0]?.text}`;
}
