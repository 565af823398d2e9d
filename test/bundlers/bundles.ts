import { fileURLToPath } from 'node:url';
import { EXECUTABLES } from '../runtimes/executables.ts';

/** A way to make one file of a program and its packages. */
export interface Bundling {
  readonly name: string;
  /** The name of the file: its ending says how Node.js takes it. */
  readonly outfile: string;
  /** The command that bundles. */
  command(entry: string, outfile: string): readonly string[];
}

/** Each with its defaults, but for where the bundle will run. */
export const bundlings: readonly Bundling[] = [
  ...['webpack', '@rspack/core'].flatMap((bundler) =>
    [
      ['node', 'cjs'],
      ['web', 'cjs'],
      ['es2022', 'mjs'],
    ].map(([target = '', ending = '']) =>
      script(`${bundler}, target ${target}`, ending, 'webpack-like', [bundler], [target]),
    ),
  ),
  script('Rollup', 'mjs', 'rollup'),
  script('Vite, for SSR', 'mjs', 'vite'),
  ...[
    ['node', 'esm', 'mjs'],
    ['node', 'cjs', 'cjs'],
    ['browser', 'iife', 'cjs'],
    ['neutral', 'esm', 'mjs'],
  ].map(([platform = '', format = '', ending = '']) =>
    script(`esbuild, ${platform}, ${format}`, ending, 'esbuild', [], [platform, format]),
  ),
  ...['node', 'browser'].map((context) => script(`Parcel, ${context}`, 'cjs', 'parcel', [], [context])),
  script('ncc', 'mjs', 'ncc'),
  ...['node', 'browser'].map((target) => ({
    name: `bun build, ${target}`,
    outfile: `bun-${target}.mjs`,
    command: (entry: string, outfile: string) => [
      ...[EXECUTABLES.bun, 'build', entry, '--outfile', outfile],
      ...['--target', target],
    ],
  })),
  ...['deno', 'browser'].map((platform) => ({
    name: `deno bundle, ${platform}`,
    outfile: `deno-${platform}.mjs`,
    command: (entry: string, outfile: string) => [
      ...[EXECUTABLES.deno, 'bundle', entry, '--output', outfile],
      ...['--platform', platform],
    ],
  })),
];

/** A bundler that is started by a script in with/. */
function script(
  name: string,
  ending: string,
  file: string,
  before: readonly string[] = [],
  after: readonly string[] = [],
): Bundling {
  const path = fileURLToPath(new URL(`with/${file}.js`, import.meta.url));
  return {
    name,
    outfile: `${name.replaceAll(/\W+/g, '-')}.${ending}`,
    command: (entry, outfile) => [process.execPath, path, ...before, entry, outfile, ...after],
  };
}
