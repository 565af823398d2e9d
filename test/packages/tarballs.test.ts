/*
 * What would go to the registry, looked at from outside. Each check is here because a workspace hides its absence: there
 * everything resolves, whatever the manifests say.
 */
import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { describe, expect, test } from 'vitest';
import { installedDirectory, makeRelease } from './support/release.ts';
import { packageNames, ROOT, readManifest, run } from './support/workspace.ts';

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

  test('has the sources, what the compiler makes of them, manifest, README and license, and nothing else', async () => {
    const files = (await readdir(directory, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => posix.relative(directory, posix.join(entry.parentPath, entry.name)));
    const sources = files.filter((file) => /^src\/.+\.ts$/.test(file));
    const built = sources
      .map((source) => source.replace(/^src/, 'dist').replace(/\.ts$/, ''))
      .flatMap((path) => [`${path}.js`, `${path}.js.map`, `${path}.d.ts`, `${path}.d.ts.map`]);

    expect(sources).not.toHaveLength(0);
    expect(sources.filter((source) => /\.test\.ts$|\/(tests?|__tests__)\//.test(source))).toEqual([]);
    expect(files.toSorted()).toEqual(['LICENSE', 'README.md', 'package.json', ...sources, ...built].toSorted());
  });

  test('has source maps that lead to the sources', async () => {
    const maps = (await readdir(directory, { recursive: true })).filter((file) => file.endsWith('.map'));

    for (const map of maps) {
      const { sources } = JSON.parse(await readFile(join(directory, map), 'utf8')) as { sources: string[] };
      const files = sources.map((source) => posix.join(dirname(map), source));
      expect(files, map).toEqual([map.replace(/^dist/, 'src').replace(/(\.js|\.d\.ts)\.map$/, '.ts')]);
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

  test('exports what was built, types first', () => {
    const targets = Object.values(manifest.exports);

    for (const target of targets) {
      expect(Object.keys(target)).toEqual(['types', 'default']);
      expect(target.types).toMatch(/^\.\/dist\/.+\.d\.ts$/);
      expect(target.default).toBe(target.types.replace(/\.d\.ts$/, '.js'));
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

  test('has types that attw finds right for ES modules', async () => {
    // Rejects where it finds a problem. CommonJS is left out: TypeScript before 5.8 does not know that Node can require.
    await run(attw, [tarball, '--profile', 'esm-only', '--no-definitely-typed', '--no-color'], ROOT);
  });
});
