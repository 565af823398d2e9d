/*
 * The packages in the hands of somebody who has installed them with npm. In the workspace the compiler reads our sources,
 * with our options and our version; here it reads the declarations, with those of others.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { declaredNames, entriesOf, namesAtRunTime } from './support/entries.ts';
import { installProject } from './support/installed-project.ts';
import { readReadme } from './support/readme.ts';
import { installedDirectory, makeRelease } from './support/release.ts';
import { packageNames, ROOT, readManifest, rootProgram, run } from './support/workspace.ts';

// Compilers that check every declaration there is take their time where other tests run beside them.
vi.setConfig({ testTimeout: 120_000 });

const MAX_CORE_BYTES = 2_000_000;
const MAX_TESTING_BYTES = 3_000_000;

const release = await makeRelease();
const installed = await installProject(release.tarballs, {
  '@types/node': readManifest(join(ROOT, 'node_modules/@types/node')).version,
  'typescript-5.0': 'npm:typescript@5.0.4',
  'typescript-5.9': 'npm:typescript@5.9.3',
  'typescript-6.0': 'npm:typescript@6.0.3',
});
if (installed === undefined) {
  console.warn(
    'Skipped: all tests of the installed packages (types for other compilers and modules, require(), the command line, size on disk), because npm cannot reach its registry.',
  );
}

describe.skipIf(installed === undefined)('in an empty project with the packages installed', () => {
  const project = installed ?? '';

  test('there is one copy of each of our packages', () => {
    const nested = packageNames.filter((name) =>
      readdirSync(installedDirectory(project, name)).includes('node_modules'),
    );

    expect(nested).toEqual([]);
  });

  test.each([
    ['core', MAX_CORE_BYTES, ['@id-token-guard/core', 'lru-cache']],
    ['testing', MAX_TESTING_BYTES, ['@id-token-guard/core', '@id-token-guard/testing', 'lru-cache']],
  ])('%s and what it brings take at most %i bytes', (name, most, packages) => {
    const sizes = packages.map((each) => [each, bytesIn(join(project, 'node_modules', each))] as const);

    console.log(`Installed with ${name}: ${sizes.map(([each, bytes]) => `${each} ${bytes} bytes`).join(', ')}.`);
    expect(dependenciesOf(project, `@id-token-guard/${name}`)).toEqual(packages);
    expect(sizes.reduce((sum, [, bytes]) => sum + bytes, 0)).toBeLessThanOrEqual(most);
  });

  describe('the programs of the READMEs, and an import of everything, compile without skipLibCheck', () => {
    const compilers = {
      '5.0': 'node_modules/typescript-5.0/bin/tsc',
      '5.9': 'node_modules/typescript-5.9/bin/tsc',
      '6.0': 'node_modules/typescript-6.0/bin/tsc',
      '7.0': rootProgram('tsc'),
    };
    // A source is a module for `import` or for `require()` by its name, but with Node10 by the options.
    const modules = {
      NodeNext: { module: 'NodeNext', moduleResolution: 'NodeNext', include: ['*.ts', '*.cts'] },
      Node16: { module: 'Node16', moduleResolution: 'Node16', include: ['*.ts', '*.cts'] },
      Bundler: { module: 'ESNext', moduleResolution: 'Bundler', include: ['*.ts'] },
      Node10: { module: 'CommonJS', moduleResolution: 'Node10', include: ['*.cts'] },
    };
    // The oldest and the newest with all there is, which 7.0 has less of; each costs seconds.
    const cases = [
      ...['NodeNext', 'Node16', 'Bundler', 'Node10'].map((mode) => ({ version: '5.0', mode })),
      { version: '5.9', mode: 'NodeNext' },
      { version: '6.0', mode: 'Bundler' },
      ...['NodeNext', 'Node16', 'Bundler'].map((mode) => ({ version: '7.0', mode })),
    ];

    beforeAll(() => {
      for (const name of packageNames) {
        writeFileSync(join(project, `${name}.ts`), readReadme(name).programs.join('\n'));
      }
      for (const file of ['everything.ts', 'everything.cts']) {
        writeFileSync(join(project, file), importOfEverything(project));
      }
      for (const [mode, { include, ...compilerOptions }] of Object.entries(modules)) {
        writeFileSync(join(project, `tsconfig.${mode}.json`), JSON.stringify(tsconfig(compilerOptions, include)));
      }
    });

    test.each(cases)('with TypeScript $version and modules for $mode', async ({ mode, version }) => {
      const compiler = resolve(project, compilers[version as keyof typeof compilers]);

      expect(await run(compiler, ['--version'], project)).toContain(`Version ${version}.`);
      expect(await errorsOfOurs(compiler, `tsconfig.${mode}.json`)).toEqual([]);
    });

    async function errorsOfOurs(compiler: string, config: string): Promise<string[]> {
      try {
        await run(compiler, ['--project', config, '--pretty', 'false'], project);
        return [];
      } catch (error) {
        const errors = String(error)
          .split('\n')
          .filter((line) => / error TS\d+: /.test(line));
        if (errors.length === 0) {
          throw error;
        }
        // Declarations of others have errors of their own.
        return errors.filter((line) => !/^node_modules\/(?!@id-token-guard\/)/.test(line));
      }
    }
  });

  describe.each(['20', '22', '24', '26'])('Node.js %s', (version) => {
    const node = fileURLToPath(new URL(`../runtimes/node_modules/node-${version}/bin/node`, import.meta.url));

    test('requires from CommonJS all that the declarations promise', async () => {
      const declared = entriesOf(project).map((entry) => [entry.specifier, declaredNames(entry).values]);

      expect(await run(node, ['--version'], project)).toMatch(new RegExp(`^v${version}\\.`));
      expect(await namesAtRunTime(project, 'require', node)).toEqual(Object.fromEntries(declared));
    });

    test('verifies a token in CommonJS, without a warning', async () => {
      writeFileSync(join(project, 'verify.cjs'), COMMONJS_PROGRAM);

      expect(await promisify(execFile)(node, ['verify.cjs'], { cwd: project })).toEqual({
        stdout: 'service_account\ntoken_expired\n',
        stderr: '',
      });
    });

    test('runs the command line', async () => {
      const program = join(project, 'node_modules/.bin/id-token-guard');

      expect(await run(node, [program, '--help'], project)).toMatch(/^Usage: id-token-guard <command>/);
    });

    test('starts a guard for apps in any language', async () => {
      const program = join(project, 'node_modules/.bin/id-token-guard');
      const access = ['--audience', 'https://api.example.com', '--any-caller', '--keys-url', 'http://127.0.0.1:1'];
      const guard = spawn(node, [program, 'serve', ...access, '--port', '0', '--metrics'], { cwd: project });
      onTestFinished(() => void guard.kill('SIGKILL'));
      const [line = ''] = await once(createInterface(guard.stdout), 'line');
      const { url } = JSON.parse(line);

      expect((await fetch(`${url}/auth`)).status).toBe(401);
      expect(await (await fetch(`${url}/metrics`)).text()).toContain(
        'id_token_guard_refused_total{code="token_missing"} 1',
      );
      guard.kill('SIGTERM');
      expect(await once(guard, 'exit')).toEqual([0, null]);
    });
  });
});

const COMMONJS_PROGRAM = `
  const { createGoogleIdTokenVerifier, isGoogleIdTokenError, serviceAccount } = require('@id-token-guard/core');
  const { createFakeGoogle } = require('@id-token-guard/testing');

  (async () => {
    const google = await createFakeGoogle();
    const audience = 'https://api.example.com';
    const email = 'sender@my-project.iam.gserviceaccount.com';
    const verifier = createGoogleIdTokenVerifier({ audience, callers: serviceAccount(email), keys: google.keySet() });
    const claims = { aud: audience, email, email_verified: true };
    console.log((await verifier.verify(await google.idToken(claims))).caller.kind);
    const expired = await google.idToken({ ...claims, iat: 1, exp: 3601 });
    await verifier.verify(expired).catch((error) => console.log(isGoogleIdTokenError(error) && error.code));
  })();`;

function importOfEverything(project: string): string {
  const specifiers = entriesOf(project).map(({ specifier }) => specifier);
  const imports = specifiers.map((specifier, index) => `import * as entry${index} from '${specifier}';`);
  return `${imports.join('\n')}\nexport const entries: unknown[] = [${specifiers.map((_, index) => `entry${index}`)}];\n`;
}

/** Strict, and without the DOM, as a service on Node.js has it. */
function tsconfig(modules: object, include: readonly string[]): object {
  return {
    compilerOptions: {
      ...modules,
      target: 'ES2022',
      lib: ['ES2023'],
      types: ['node'],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
      noEmit: true,
    },
    include,
  };
}

/** A package and all that it depends on, however deep. */
function dependenciesOf(project: string, name: string, found = new Set<string>()): string[] {
  found.add(name);
  for (const dependency of Object.keys(readManifest(join(project, 'node_modules', name)).dependencies ?? {})) {
    if (!found.has(dependency)) {
      dependenciesOf(project, dependency, found);
    }
  }
  return [...found].toSorted();
}

function bytesIn(directory: string): number {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}
