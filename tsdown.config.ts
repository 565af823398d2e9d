/*
 * What is published of every package: for each entry a file for `import`, one for `require`, and their declarations.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type UserConfig } from 'tsdown';
import { edgeHalves } from './build/edge-halves.ts';
import { licenses } from './build/licenses.ts';
import { nodeEntry } from './build/node-entry.ts';

/** For `import` only, which Jest and old bundlers do not take: what is used of it goes into our own files. */
const INLINED = /^(jose|tiny-lru)\b/;

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
}

export default defineConfig(
  globSync('packages/*', { cwd: import.meta.dirname }).flatMap((path): UserConfig[] => {
    const cwd = join(import.meta.dirname, path);
    const { name, exports, bin = {} }: Manifest = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'));
    const libraries = entriesOf(exports);
    const source = join(cwd, 'src');
    const hasEdge = existsSync(join(source, 'edge'));
    const build: UserConfig = {
      cwd,
      name,
      entry: { ...libraries, ...entriesOf(bin) },
      format: { esm: {}, cjs: { entry: libraries } },
      outExtensions: ({ format }) => (format === 'cjs' ? { js: '.cjs', dts: '.d.cts' } : { js: '.js', dts: '.d.ts' }),
      platform: 'neutral',
      target: 'es2022',
      sourcemap: true,
      hash: false,
      dts: { generator: 'oxc', entry: Object.values(libraries) },
      deps: { neverBundle: [/^node:/], alwaysBundle: INLINED, onlyBundle: INLINED },
      // Of what is inlined, the build for edge runtimes has more.
      plugins: [nodeEntry(), ...(hasEdge ? [] : [licenses()])],
      inputOptions: { resolve: { conditionNames: ['browser', 'import', 'default'], symlinks: false } },
      outputOptions: {
        comments: { jsdoc: false },
        sourcemapExcludeSources: true,
        codeSplitting: {
          groups: [
            { name: 'shared.d', minShareCount: 2, test: /\.d\.[cm]?ts$/ },
            { name: 'shared', minShareCount: 2 },
          ],
        },
      },
      checks: { bundlerTimings: false },
      report: false,
      logLevel: 'warn',
    };
    return hasEdge ? [build, edgeBuild(build, source, libraries)] : [build];
  }),
);

/** The same for edge runtimes, in `dist/edge`, for `import` only. The types are those of the other build. */
function edgeBuild(build: UserConfig, source: string, libraries: Readonly<Record<string, string>>): UserConfig {
  return {
    ...build,
    entry: Object.fromEntries(Object.entries(libraries).map(([name, path]) => [`edge/${name}`, path])),
    format: 'esm',
    dts: false,
    plugins: [edgeHalves(source), licenses()],
    outputOptions: {
      ...build.outputOptions,
      codeSplitting: { groups: [{ name: 'edge/shared', minShareCount: 2 }] },
    },
  };
}

/** By the name of what is built: the source. */
function entriesOf(files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.values(files).map((file) => [file.replace(/^\.\/src\/|\.ts$/g, ''), file.replace('./', '')]),
  );
}
