import { fileURLToPath } from 'node:url';

/** Real runtimes, from the npm registry. Where the install scripts have not run, some of these files are missing. */
export const EXECUTABLES: Readonly<Record<'node 20' | 'node 22' | 'node 24' | 'node 26' | 'deno' | 'bun', string>> = {
  'node 20': installed('node-20/bin/node'),
  'node 22': installed('node-22/bin/node'),
  'node 24': installed('node-24/bin/node'),
  'node 26': installed('node-26/bin/node'),
  deno: installed('deno/deno'),
  bun: installed('bun/bin/bun.exe'),
};

function installed(path: string): string {
  return fileURLToPath(new URL(`node_modules/${path}`, import.meta.url));
}
