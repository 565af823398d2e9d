/*
 * What would go to the registry, looked at from outside. Each check is here because a workspace hides its absence: there
 * everything resolves, whatever the manifests say.
 */
import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { describe, expect, test } from 'vitest';
import { installedDirectory, makeRelease } from './support/release.ts';
import { type Manifest, packageNames, ROOT, readManifest, run } from './support/workspace.ts';

const release = await makeRelease();
const attw = fileURLToPath(new URL('node_modules/.bin/attw', import.meta.url));

test('two builds, in folders of different names, give the same bytes', async () => {
  const other = await makeRelease('a/second/copy');

  for (const [name, tarball] of release.tarballs) {
    const same = (await readFile(tarball)).equals(await readFile(other.tarballs.get(name) ?? ''));
    expect(same, name).toBe(true);
  }
});

test('all packages have one version', () => {
  const versions = packageNames.map((name) => readManifest(installedDirectory(release.project, name)).version);

  expect(new Set(versions).size).toBe(1);
});

describe.each(packageNames)('the tarball of %s', (name) => {
  const directory = installedDirectory(release.project, name);
  const tarball = release.tarballs.get(name) ?? '';
  const manifest = readManifest(directory);

  test('has the sources, what the manifest leads to, README and licenses, and nothing else', async () => {
    const files = (await readdir(directory, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => posix.relative(directory, posix.join(entry.parentPath, entry.name)));
    const sources = files.filter((file) => /^src\/.+\.ts$/.test(file));
    const built = filesFrom(directory, targetsOf(manifest));
    const licenses = files.filter((file) => file === 'dist/LICENSES.txt');

    expect(sources).not.toHaveLength(0);
    expect(sources.filter((source) => /\.test\.ts$|\/(tests?|__tests__)\//.test(source))).toEqual([]);
    expect(files.toSorted()).toEqual(
      [
        ...['LICENSE', 'README.md', 'package.json', ...licenses],
        ...subpathsOf(manifest).map((path) => `${path}/package.json`),
        // Such as a schema; folders are looked into above.
        ...manifest.files.filter((file) => file.includes('.')),
        ...[...sources, ...built],
      ].toSorted(),
    );
  });

  test('has the licences of all code of others that is in it', async () => {
    const code = await Promise.all(
      (await readdir(join(directory, 'dist'), { recursive: true }))
        .filter((file) => /\.c?js$/.test(file))
        .map((file) => readFile(join(directory, 'dist', file), 'utf8')),
    );
    const inlined = code.flatMap((text) =>
      [...text.matchAll(/^\/\/ node_modules\/((?:@[^/]+\/)?[^/]+)/gm)].map(([, id]) => id),
    );
    const licenses = existsSync(join(directory, 'dist/LICENSES.txt'))
      ? readFileSync(join(directory, 'dist/LICENSES.txt'), 'utf8')
      : '';

    const licensed = licenses.match(/^[@a-z\d/-]+ \d+\.\d+\.\d+$/gm) ?? [];
    const published = Object.entries(manifest.inlinedDependencies ?? {}).map(([id, version]) => `${id} ${version}`);

    expect(licensed.map((line) => line.split(' ')[0])).toEqual([...new Set(inlined)].toSorted());
    expect(published).toEqual(licensed);
    // Else they would be installed beside.
    expect(Object.keys(manifest.dependencies ?? {}).filter((dependency) => inlined.includes(dependency))).toEqual([]);
  });

  test('has source maps that lead to the sources', async () => {
    const maps = (await readdir(directory, { recursive: true })).filter((file) => file.endsWith('.map'));

    for (const map of maps) {
      const { sources } = JSON.parse(await readFile(join(directory, map), 'utf8')) as { sources: string[] };
      const files = sources.map((source) => posix.join(dirname(map), source));
      // Code of others has its sources in its own package.
      const ours = files.filter((file) => !file.startsWith('node_modules/'));
      expect(ours, map).not.toHaveLength(0);
      expect(
        ours.filter((file) => !/^src\/.+\.ts$/.test(file) || !existsSync(join(directory, file))),
        map,
      ).toEqual([]);
    }
  });

  test('has the license of the project', () => {
    const [ours, published] = [ROOT, directory].map((folder) => readFileSync(join(folder, 'LICENSE'), 'utf8'));

    expect(published).toBe(ours);
  });

  test('has a manifest for ES modules that run nothing when they are installed or imported', () => {
    expect(manifest).toMatchObject({
      name: `@id-token-guard/${name}`,
      license: 'Apache-2.0',
      type: 'module',
      sideEffects: false,
      engines: { node: '>=20.19' },
      publishConfig: { access: 'public' },
    });
    expect(manifest).not.toHaveProperty('scripts');
    expect(manifest).not.toHaveProperty('gypfile');
  });

  test('exports what was built: one instance for Node.js, ES modules for bundlers, and for old resolvers CommonJS', () => {
    for (const [path, { import: imported, require: required }] of Object.entries(manifest.exports)) {
      const file = imported.default.replace(/\.js$/, '');
      const [types, module] = [`${file}.d.ts`, `${file}.js`];
      const edgeFile = module.replace('/dist/', '/dist/edge/');
      const edge = name === 'core' ? { workerd: edgeFile, 'edge-light': edgeFile } : {};

      expect(file).toMatch(/^\.\/dist\/./);
      // Whoever reads takes the first that it knows.
      expect(Object.entries(imported)).toEqual(
        Object.entries({ types, ...edge, module, node: `${file}.node.js`, default: module }),
      );
      expect(Object.entries(required)).toEqual(
        Object.entries({
          types: `${file}.d.cts`,
          // Not for all who call require() there: Jest does not take ES modules.
          module: name === 'core' ? { ...edge, default: module } : module,
          default: `${file}.cjs`,
        }),
      );
      const { main, module: old, types: oldTypes } = path === '.' ? manifest : readManifest(join(directory, path));
      expect([main, old, oldTypes].map((target) => `./${posix.join(path, target)}`)).toEqual([
        `${file}.cjs`,
        module,
        `${file}.d.cts`,
      ]);
    }
    for (const program of Object.values(manifest.bin ?? {})) {
      expect(program).toMatch(/^\.\/dist\/.+\.js$/);
      expect(readFileSync(join(directory, program), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    }
  });

  test('asks for versions that the registry knows', () => {
    const wanted = { ...manifest.dependencies, ...manifest.peerDependencies };

    for (const [dependency, range] of Object.entries(wanted)) {
      const ours = dependency.startsWith('@id-token-guard/');
      expect(range, dependency).toMatch(ours ? new RegExp(`^\\^${manifest.version.replaceAll('.', '\\.')}$`) : /^\^\d/);
    }
  });

  test('has nothing that publint finds wrong', async () => {
    const bytes = await readFile(tarball);
    const { messages, pkg } = await publint({
      pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
      strict: true,
    });

    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  test('has types that attw finds right for every module resolution there is', async () => {
    // Rejects where it finds a problem.
    await run(attw, [tarball, '--profile', 'strict', '--no-definitely-typed', '--no-color'], ROOT);
  });
});

/** The subpaths of a package, such as `stores`. */
function subpathsOf({ exports }: Manifest): string[] {
  return Object.keys(exports).flatMap((path) => (path === '.' ? [] : posix.normalize(path)));
}

/** All files that a manifest names. */
function targetsOf({ main, module, types, exports, bin = {} }: Manifest): string[] {
  const conditions = Object.values(exports).flatMap(({ import: imported, require: required }) => [imported, required]);
  const targets = conditions.flatMap((each): (string | Readonly<Record<string, string>>)[] => Object.values(each));
  const files = targets.flatMap((target) => (typeof target === 'string' ? target : Object.values(target)));
  return [main, module, types, ...files, ...Object.values(bin)];
}

/** These files, all that they load from their own package, and the source maps of all. */
function filesFrom(directory: string, targets: readonly string[]): string[] {
  const found = new Set(targets.map((target) => posix.normalize(target)));
  for (const file of found) {
    const text = readFileSync(join(directory, file), 'utf8');
    for (const [, path = ''] of text.matchAll(/(?:\bfrom |\brequire\(|\bimport\()["'](\.{1,2}\/[^"']+)["']/g)) {
      const loaded = posix.join(posix.dirname(file), path);
      found.add(/\.d\.c?ts$/.test(file) ? loaded.replace(/\.(c?)js$/, '.d.$1ts') : loaded);
    }
    const [, map] = /^\/\/# sourceMappingURL=(.+)$/m.exec(text) ?? [];
    if (map !== undefined) {
      found.add(posix.join(posix.dirname(file), map));
    }
  }
  return [...found];
}
