/*
 * A wrong configuration is one line that names the flag or the member, and exit code 2. Nothing listens then.
 */
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CONFIG_SCHEMA, type GuardConfig, startGuardServer } from '@id-token-guard/serve';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { cli } from './support/cli-here.ts';
import { AUDIENCE, SENDER } from './support/guard.ts';
import { freePort, temporaryDirectory } from './support/processes.ts';
import { DEFAULTS } from './support/world.ts';

const directory = temporaryDirectory();
let files = 0;

function fileWith(text: string): string {
  const path = join(directory, `${files++}.json`);
  writeFileSync(path, text);
  return path;
}

/** A wrong value of each member, as JSON and as a flag, and what is said of it. */
const wrongValues: Readonly<Record<keyof GuardConfig, readonly (readonly [value: unknown, says: string])[]>> = {
  port: [
    [70_000, 'must be a whole number from 0 to 65535.'],
    ['x', 'must be a whole number from 0 to 65535.'],
  ],
  managementPort: [[-1, 'must be a whole number from 0 to 65535.']],
  host: [['http://127.0.0.1', 'must be an address or a host name, such as "127.0.0.1" or "::1".']],
  audience: [
    ['', 'must be an audience, or a list of them, each once.'],
    ['https://*.example.com', 'has no wildcards'],
    [['a', 'a b'], 'must have no white space'],
  ],
  urlsUnder: [['api.example.com', 'urlsUnder() takes an http or https URL']],
  requestUrl: [['https://api.example.com/', '"origins" must be scheme and host in lower case']],
  serviceAccount: [
    ['ada@example.com', 'serviceAccount(): "ada@example.com" is not a service account'],
    [[SENDER, SENDER], 'must be the e-mail or unique id of a service account, or a list of them, each once.'],
  ],
  user: [[SENDER, `user(): "${SENDER}" is not a person's e-mail`]],
  workspaceDomain: [['Example.com', 'workspaceDomain(): "Example.com" is not a domain']],
  subject: [['ada', 'subject(): "ada" is not a unique id (digits)']],
  anyCaller: [[true, 'lets everybody in, whatever the others say']],
  header: [['cookie', 'must be "authorization" or "x-serverless-authorization".']],
  keysUrl: [
    ['http://keys.example.com', 'must be an https URL, or http on loopback.'],
    ['keys', 'must be an https URL, or http on loopback.'],
  ],
  redis: [
    ['http://127.0.0.1', 'must be a URL such as "redis://127.0.0.1:6379" or "unix:///run/redis.sock".'],
    ['unix:/run/redis.sock', 'must be a URL such as "redis://127.0.0.1:6379" or "unix:///run/redis.sock".'],
    ['redis://127.0.0.1:6379/x', 'must be a URL such as "redis://127.0.0.1:6379" or "unix:///run/redis.sock".'],
  ],
  metrics: [],
  log: [['xml', 'must be "json" or "text" or "none".']],
  dialect: [['apache', 'must be "standard" or "nginx".']],
  upstream: [
    ['http://127.0.0.1:8000/app', 'must be an http or https URL without path and user name'],
    ['127.0.0.1:8000', 'must be an http or https URL without path and user name'],
    ['http://127.0.0.1:99999', 'must be an http or https URL without path and user name'],
  ],
};

const access = { audience: AUDIENCE, serviceAccount: SENDER };
const cases = Object.entries(wrongValues).flatMap(([member, values]) =>
  values.map(([value, says]) => ({ member, value, says })),
);

test('every member of the schema has a wrong value here', () => {
  expect(Object.keys(wrongValues).toSorted()).toEqual(
    Object.keys(CONFIG_SCHEMA.properties)
      .filter((name) => name !== '$schema')
      .toSorted(),
  );
});

describe('in a file,', () => {
  test.each([
    ...cases,
    { member: 'metrics', value: 'yes', says: 'must be true or false.' },
    { member: 'anyCaller', value: 1, says: 'must be true or false.' },
    { member: 'audience', value: [], says: 'must be an audience' },
    { member: 'audience', value: 1, says: 'must be an audience' },
    { member: 'host', value: null, says: 'must be an address' },
    { member: 'serviceaccount', value: SENDER, says: 'is not known; known are port, host, ' },
    { member: '__proto__', value: {}, says: 'is not known' },
  ])('$member: $value', async ({ member, value, says }) => {
    const path = fileWith(`${JSON.stringify(access).slice(0, -1)},${JSON.stringify(member)}:${JSON.stringify(value)}}`);
    const { code, stdout, stderr } = await cli(['serve', '--config', path]);

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^id-token-guard: .+\n$/);
    expect(stderr).toContain(`id-token-guard: "${path}": "${member}"`);
    expect(stderr).toContain(says);
  });

  test.each([
    ['[]', 'The configuration must be a JSON object.'],
    ['{"port":', 'The file is not JSON.'],
    ['{}', '"serviceAccount" is missing, and so is every other member that says who may call'],
    [`{"serviceAccount":"${SENDER}"}`, '"audience" is missing, and so are "urlsUnder" and "requestUrl"'],
  ])('%s', async (text, says) => {
    const path = fileWith(text);
    const { code, stdout, stderr } = await cli(['serve', '--config', path]);

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`id-token-guard: "${path}": ${says}`);
  });

  test('that is not there', async () => {
    expect(await cli(['serve', '--config', '/nowhere.json'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'id-token-guard: "/nowhere.json": The file cannot be read (ENOENT).\n',
    });
  });
});

describe('as flags,', () => {
  const accessFlags = ['--audience', AUDIENCE, '--service-account', SENDER];

  test.each(cases)('$member: $value', async ({ member, value, says }) => {
    const flag = `--${member.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    const words = value === true ? [flag] : [value].flat().map((each) => `${flag}=${each}`);
    const { code, stdout, stderr } = await cli(['serve', ...accessFlags, ...words]);

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^id-token-guard: .+\n$/);
    expect(stderr).toContain(`id-token-guard: ${flag}`);
    expect(stderr.replaceAll(flag, '')).toContain(says.replaceAll(/"([a-z]+[A-Z]\w+)"/g, '$1'));
  });

  test.each([
    [
      [],
      '--service-account is missing, and so is every other member that says who may call: --user, --workspace-domain',
    ],
    [
      ['--any-caller'],
      '--audience is missing, and so are --urls-under and --request-url: say whom tokens must be for.',
    ],
    [['--colour'], "Unknown option '--colour'."],
    [['--metrics=yes'], "Option '--metrics' does not take an argument."],
    [['--listen', '80'], '--listen is for --print'],
    [['--print', 'iis'], '--print must be one of nginx, caddy, traefik, envoy, haproxy, apache, systemd, dockerfile.'],
    [['--print', 'nginx', '--listen', 'x'], '--listen must be a port, or an address and a port'],
    [['--print', 'nginx', '--listen', '0'], '--listen must be a port, or an address and a port'],
    [['--print', 'nginx', '--upstream', 'x'], '--upstream must be an http or https URL'],
    [
      ['--any-caller', '--audience', 'a', '--upstream', 'http://127.0.0.1:1', '--port', '9', '--management-port', '9'],
      "--management-port must not be --port: all paths of a proxy are the app's.",
    ],
    [['x'], 'There is one argument too many: "x".'],
  ])('%j', async (args, says) => {
    const { code, stdout, stderr } = await cli(['serve', ...args]);

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`id-token-guard: ${says}`);
  });

  test('go before the file, whose members have their own name', async () => {
    const path = fileWith(JSON.stringify({ ...access, urlsUnder: 'x' }));
    const inFlags = await cli(['serve', '--config', path, '--audience', 'a*', '--urls-under', 'https://a.example.com']);
    const inFile = await cli(['serve', '--config', path, '--audience', 'a']);

    expect(inFlags.stderr).toContain('id-token-guard: --audience has no wildcards');
    expect(inFile.stderr).toContain(`id-token-guard: "${path}": "urlsUnder": urlsUnder() takes`);
  });
});

test('a port that is in use is said, with exit code 1', async () => {
  const port = await freePort();
  const taken = await startGuardServer({ ...DEFAULTS, port, managementPort: port });
  const { code, stderr } = await cli(['serve', '--audience', 'a', '--any-caller', '--port', String(port)]);

  expect(code).toBe(1);
  expect(stderr).toBe(
    `id-token-guard: Port ${port} is in use, perhaps by another guard: choose others with --port and --management-port.\n`,
  );
  await taken.close();
});

test('a password in the URL of Redis is never told', async () => {
  const { stderr } = await cli(['serve', '--audience', 'a', '--any-caller', '--redis', 'redis://a:s%ecret@127.0.0.1']);

  expect(stderr).toBe(
    'id-token-guard: --redis must be a URL such as "redis://127.0.0.1:6379" or "unix:///run/redis.sock".\n',
  );
});

describe('the published JSON Schema', () => {
  test('is that of the check, and one that says what it means', async () => {
    await expect(`${JSON.stringify(CONFIG_SCHEMA, null, 2)}\n`).toMatchFileSnapshot(
      '../../packages/serve/config.schema.json',
    );
    const published = JSON.parse(
      await readFile(new URL('../../packages/serve/config.schema.json', import.meta.url), 'utf8'),
    );
    const validate = new Ajv({ keywords: ['errorMessage'] }).compile(published);

    expect(validate({ $schema: './config.schema.json', ...access, port: 8586, metrics: true })).toBe(true);
    expect(validate({ ...access, port: '8586' })).toBe(false);
  });

  test('tells of each member what it is', () => {
    const properties = Object.entries(CONFIG_SCHEMA.properties).filter(([name]) => name !== '$schema');

    expect(properties.filter(([, property]) => !('description' in property))).toEqual([]);
  });
});
