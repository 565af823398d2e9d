/*
 * What gets from elsewhere into the packages and onto the machine of whoever works on them. Everything here is a list:
 * whoever makes one longer has to write it down.
 */
import { exec } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { installedPackages, lockedHashes, published, ROOT, readManifest, scriptOf } from './workspace.ts';

/** Everything of others that comes along with a guard. */
const GUARD_DEPENDENCIES = ['jose', 'lru-cache', 'tiny-lru'];
/** And with the local Google, which is a server. */
const EMULATOR_DEPENDENCIES = ['@hono/node-server', 'hono', ...GUARD_DEPENDENCIES];
/** And with `serve`: logs by pino, metrics by prom-client, a configuration by ajv, Redis, and what these need. */
const SERVE_DEPENDENCIES = [
  ...['@opentelemetry/api', '@pinojs/redact', '@redis/client', 'ajv', 'atomic-sleep', 'bintrees', 'fast-deep-equal'],
  ...['fast-uri', 'json-schema-traverse', 'on-exit-leak-free', 'pino', 'pino-abstract-transport'],
  ...['pino-std-serializers', 'process-warning', 'prom-client', 'quick-format-unescaped', 'real-require'],
  ...['require-from-string', 'safe-stable-stringify', 'sonic-boom', 'split2', 'tdigest', 'thread-stream'],
  ...GUARD_DEPENDENCIES,
];
const RUNTIME_DEPENDENCIES = [...new Set([...EMULATOR_DEPENDENCIES, ...SERVE_DEPENDENCIES])].toSorted();
/** What is not for the inside of an app. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  '@id-token-guard/cli': RUNTIME_DEPENDENCIES,
  '@id-token-guard/emulator': EMULATOR_DEPENDENCIES,
  '@id-token-guard/serve': SERVE_DEPENDENCIES,
};

/** All of them let anybody use, change and ship the code. */
const LICENSES = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT'];

/** npm runs these on the machine of whoever installs a package. */
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare', 'preprepare', 'postprepare'];

describe('workflows', () => {
  const workflows = globSync('.github/workflows/*', { cwd: ROOT }).map((path) => ({
    path,
    text: readFileSync(join(ROOT, path), 'utf8'),
  }));

  test('are found', () => {
    expect(workflows.length).toBeGreaterThanOrEqual(2);
  });

  test.each(workflows)('$path takes every action by its full commit', ({ text }) => {
    const uses = [...text.matchAll(/\buses:\s*(\S+)/g)].map(([, action]) => action);

    expect(uses).not.toHaveLength(0);
    expect(uses.filter((action) => !/^[\w.-]+(\/[\w.-]+)+@[0-9a-f]{40}$/.test(`${action}`))).toEqual([]);
  });

  test.each(workflows)('$path may do nothing, unless a job asks for it', ({ text }) => {
    const [beforeJobs = ''] = text.split(/^jobs:$/m);

    expect(beforeJobs).toMatch(/^permissions: \{\}$/m);
    expect(text).not.toMatch(/permissions:\s*(write|read)-all|pull_request_target/);
  });
});

describe('scripts at installation', () => {
  test.each(published)('$name has none', ({ scripts = {} }) => {
    expect(Object.keys(scripts).filter((name) => INSTALL_SCRIPTS.includes(name))).toEqual([]);
  });

  test('pnpm-workspace.yaml says of every dependency that has one whether it may run', () => {
    const withScripts = installedPackages().filter(
      ({ directory, manifest: { scripts = {} } }) =>
        ['preinstall', 'install', 'postinstall'].some((name) => name in scripts) ||
        existsSync(join(directory, 'binding.gyp')),
    );

    expect(new Set(withScripts.map(({ manifest }) => manifest.name))).toEqual(new Set(Object.keys(allowBuilds())));
  });

  test('only these may run', () => {
    const allowed = Object.entries(allowBuilds()).filter(([, isAllowed]) => isAllowed);

    expect(allowed.map(([name]) => name)).toEqual(['node', 'bun', 'deno']);
  });

  test('none of them is a runtime dependency', () => {
    expect(Object.keys(allowBuilds()).filter((name) => RUNTIME_DEPENDENCIES.includes(name))).toEqual([]);
  });

  function allowBuilds(): Record<string, boolean> {
    const [, section = ''] = readFileSync(join(ROOT, 'pnpm-workspace.yaml'), 'utf8').split(/^allowBuilds:$/m);
    const [lines = ''] = section.split(/^\S/m);
    return Object.fromEntries(
      [...lines.matchAll(/^ {2}'?([^\s#:']+)'?: (true|false)$/gm)].map(([, name, value]) => [name, value === 'true']),
    );
  }
});

describe('runtime dependencies', () => {
  test('have a licence that lets anybody use them', { timeout: 120_000 }, async () => {
    const { stdout } = await promisify(exec)(`${scriptOf('licenses')} --json`, { cwd: ROOT });
    const byLicense = JSON.parse(stdout) as Record<string, { name: string }[]>;

    expect(Object.keys(byLicense).filter((license) => !LICENSES.includes(license))).toEqual([]);
    expect(
      Object.values(byLicense)
        .flat()
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(RUNTIME_DEPENDENCIES);
  });

  test('and those that the scripts use are of one pnpm', () => {
    const used = Object.values(readManifest(ROOT).scripts ?? {}).flatMap(
      (script) => script.match(/pnpm@[\d.]+/g) ?? [],
    );

    expect(used.length).toBeGreaterThanOrEqual(4);
    expect(new Set(used).size).toBe(1);
  });
});

interface Component {
  readonly purl: string;
  readonly licenses?: readonly { readonly license: { readonly id: string } }[];
  readonly externalReferences?: readonly {
    readonly type: string;
    readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  }[];
}

interface Sbom {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

test('npm run sbom lists for each package what comes along, with the hashes of the lockfile', {
  timeout: 120_000,
}, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'sbom-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const hashes = lockedHashes();

  await promisify(exec)(scriptOf('sbom').replace('--out sbom/', `--out ${directory}/`), { cwd: ROOT });

  for (const { name, version, dependencies = {} } of published) {
    const file = join(directory, `${name.replace('@', '').replace('/', '-')}.cdx.json`);
    const sbom = JSON.parse(await readFile(file, 'utf8')) as Sbom;
    const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
    expect(sbom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6', metadata: { component: { purl } } });

    const direct = sbom.dependencies.find(({ ref }) => ref === purl)?.dependsOn ?? [];
    expect(direct.map(nameOf).toSorted(), name).toEqual(Object.keys(dependencies).toSorted());
    expect(reached(sbom, purl), name).toEqual(new Set(sbom.components.map((component) => component.purl)));

    const allowed = ALLOWED[name] ?? GUARD_DEPENDENCIES;
    for (const component of sbom.components.filter((each) => !each.purl.includes('%40id-token-guard/'))) {
      expect(allowed, name).toContain(nameOf(component.purl));
      expect(component.licenses?.every(({ license }) => LICENSES.includes(license.id))).toBe(true);
      const [distribution] = component.externalReferences?.filter(({ type }) => type === 'distribution') ?? [];
      const content = hashes.get(decodeURIComponent(component.purl.replace('pkg:npm/', '')));
      expect(content, component.purl).toMatch(/^[0-9a-f]{128}$/);
      expect(distribution?.hashes).toEqual([{ alg: 'SHA-512', content }]);
    }
  }
});

function nameOf(purl: string): string {
  return decodeURIComponent(purl.replace('pkg:npm/', '').replace(/@[^@]+$/, ''));
}

/** Everything that a component needs, and what that needs. */
function reached({ dependencies }: Sbom, from: string): Set<string> {
  const found = new Set<string>();
  walk(from);
  return found;

  function walk(ref: string): void {
    for (const next of dependencies.find((each) => each.ref === ref)?.dependsOn ?? []) {
      if (!found.has(next)) {
        found.add(next);
        walk(next);
      }
    }
  }
}
