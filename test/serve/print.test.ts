/*
 * What `serve --print` prints, held against the checker of the program that it is for.
 */
import { execFile, execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FRONT_SERVERS, type FrontServer, type PrintOptions, printConfiguration } from '@id-token-guard/serve';
import { describe, expect, test } from 'vitest';
import { cli } from './support/cli-here.ts';
import { APACHE_MODULES, apacheAround, nginxAround } from './support/front-servers.ts';
import { isInstalled, temporaryDirectory } from './support/processes.ts';
import { guardHere } from './support/world.ts';

const layouts: readonly (readonly [name: string, options: PrintOptions])[] = [
  ['the defaults', {}],
  ['an address, an app elsewhere over TLS', { port: 9000, listen: '127.0.0.1:8443', upstream: 'https://localhost' }],
  ['IPv6', { port: 9000, managementPort: 9001, listen: '[::1]:8080', upstream: 'http://[::1]:3000' }],
];

interface Checker {
  readonly command: string;
  readonly check: (text: string, directory: string) => readonly string[];
}

const checkers: Readonly<Partial<Record<FrontServer, Checker>>> = {
  nginx: {
    command: 'nginx',
    check: (text, directory) => ['-t', '-q', '-p', directory, '-c', save(directory, nginxAround(text, directory))],
  },
  caddy: {
    command: 'caddy',
    check: (text, directory) => ['validate', '--adapter', 'caddyfile', '--config', save(directory, text)],
  },
  haproxy: { command: 'haproxy', check: (text, directory) => ['-c', '-f', save(directory, text)] },
  apache: {
    command: 'apache2',
    check: (text, directory) => ['-t', '-f', save(directory, apacheAround(text, directory, APACHE_MODULES))],
  },
};

describe.each(Object.entries(checkers))('%s takes', (name, { command, check }) => {
  test.skipIf(!isInstalled(command)).each(layouts)('%s', async (_, options) => {
    const directory = temporaryDirectory();
    const text = printConfiguration(name as FrontServer, options);

    await promisify(execFile)(command, check(text, directory), { env: { ...process.env, HOME: directory } });
  });
});

test.skipIf(!isInstalled('systemd-analyze'))('systemd takes the unit, whatever the arguments', () => {
  for (const args of [[], ['--audience', 'https://api.example.com/a%20b', '--user', 'a$b "c"@example.com']]) {
    const path = join(temporaryDirectory(), 'id-token-guard.service');
    writeFileSync(path, printConfiguration('systemd', { args }));

    expect(execFileSync('systemd-analyze', ['verify', '--man=no', path], { encoding: 'utf8', stdio: 'pipe' })).toBe('');
  }
});

describe('the Dockerfile', () => {
  const lines = printConfiguration('dockerfile', { args: ['--audience', 'https://api.example.com'] })
    .split('\n')
    .map((line) => /^(\w+) (.*)$/.exec(line) ?? []);
  const instruction = (name: string) => lines.find(([, each]) => each === name)?.[2] ?? expect.fail(`No ${name}.`);

  test('starts the program of the package that it installs, as a user who may little', () => {
    const { name, bin } = JSON.parse(readFileSync(new URL('../../packages/cli/package.json', import.meta.url), 'utf8'));

    expect(instruction('RUN')).toContain(` ${name} `);
    expect(instruction('USER')).toBe('node');
    expect(JSON.parse(instruction('ENTRYPOINT'))).toEqual([
      ...Object.keys(bin),
      'serve',
      '--host',
      '0.0.0.0',
      '--port',
      '8586',
    ]);
    expect(JSON.parse(instruction('CMD'))).toEqual(['--audience', 'https://api.example.com']);
    expect(instruction('EXPOSE')).toBe('8586');
  });

  test('has a health check that tells a guard from none', async () => {
    const [, check = ''] = / CMD (.*)$/.exec(instruction('HEALTHCHECK')) ?? [];
    const [program, ...args] = JSON.parse(check) as string[];
    const { managementPort } = await guardHere();
    const run = (at: number) =>
      promisify(execFile)(
        process.execPath,
        args.map((word) => word.replace(':8586/', `:${at}/`)),
      );

    expect(program).toBe('node');
    await expect(run(managementPort)).resolves.toMatchObject({ stderr: '' });
    await expect(run(1)).rejects.toMatchObject({ code: 1 });
  });

  test('asks a guard that is a proxy where it can be asked', () => {
    expect(printConfiguration('dockerfile', { args: ['--upstream', 'http://app:8000'] })).toContain(':8587/healthz');
    expect(printConfiguration('dockerfile', { args: ['--config', 'a.json'], managementPort: 9 })).toContain(
      ':9/healthz',
    );
  });
});

test('the command prints the same, with the arguments that the guard is started with', async () => {
  for (const name of FRONT_SERVERS) {
    const access = ['--audience', 'a', '--audience', 'b', '--any-caller', '--upstream', 'http://127.0.0.1:3000'];
    const { code, stdout, stderr } = await cli([
      'serve',
      '--print',
      name,
      '--port',
      '9000',
      ...access,
      '--listen',
      '81',
    ]);
    const args = ['--port', '9000', ...access];

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n').toSorted()).toEqual(
      printConfiguration(name, { port: 9000, upstream: 'http://127.0.0.1:3000', listen: '81', args })
        .split('\n')
        .toSorted(),
    );
  }
});

function save(directory: string, text: string): string {
  const path = join(directory, 'configuration');
  writeFileSync(path, text);
  return path;
}
