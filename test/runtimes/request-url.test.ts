/*
 * An audience that is the URL of the request, on the servers of Deno and Bun: each makes something else of an odd host.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createFakeGoogle } from '@id-token-guard/testing';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { exchange } from '../adapters/support/raw-http.ts';
import { installProgram } from './bundle.ts';
import { EXECUTABLES } from './executables.ts';
import { type InstalledPackages, installPackages } from './installed-packages.ts';

const email = 'sender@my-project.iam.gserviceaccount.com';
const aud = 'https://a.example.com/push/a%20b?x=1';
const google = await createFakeGoogle();

const SERVERS = [
  { name: 'Deno', command: EXECUTABLES.deno, options: ['run', '--no-prompt', '--allow-net=127.0.0.1'] },
  { name: 'Bun', command: EXECUTABLES.bun, options: [] },
];

let installed: InstalledPackages;
let program: string;
beforeAll(async () => {
  installed = await installPackages();
  program = await installProgram('runners/serve.ts', installed.directory);
});
afterAll(() => installed.remove());

describe.each(SERVERS)('an audience that is the URL of the request, on $name', ({ name, command, options }) => {
  if (!existsSync(command)) {
    console.warn(`${name} is not installed here, so it is passed over. "npm run setup" installs it.`);
  }

  test.skipIf(!existsSync(command))('lets a token pass there and nowhere else', async () => {
    const given = { jwks: google.jwks, email, origins: ['https://a.example.com', 'https://b.example.com'] };
    const server = spawn(command, [...options, program, JSON.stringify(given)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void server.kill('SIGKILL'));
    const [port] = await once(createInterface({ input: server.stdout }), 'line');
    const token = await google.idToken({ aud, email, email_verified: true });
    const send = async (target: string, ...lines: string[]) => {
      const head = [`GET ${target} HTTP/1.1`, ...lines, 'Connection: close', `Authorization: Bearer ${token}`];
      const { status, body } = await exchange(Number(port), [...head, '', ''].join('\r\n'));
      return status === 200 ? body : status;
    };
    const target = '/push/a%20b?x=1';

    expect(await send(target, 'Host: a.example.com')).toBe('/push/a%20b');
    expect(await send(target, 'Host: A.Example.com')).toBe('/push/a%20b');
    for (const [other, ...lines] of [
      [target, 'Host: b.example.com'],
      [target, 'Host: c.example.com'],
      [target, 'Host: 10.0.0.5', 'X-Forwarded-Host: a.example.com'],
      ['/push/a%20b?x=2', 'Host: a.example.com'],
      ['/push/%61%20b?x=1', 'Host: a.example.com'],
      ['/a%20b?x=1', 'Host: a.example.com/push'],
      [target, 'Host: a.example.com#'],
      [target, 'Host: user@a.example.com'],
      [target, 'Host: a.example.com.'],
      [target, 'Host: a.example.com', 'Host: b.example.com'],
      [`http://b.example.com${target}`, 'Host: c.example.com'],
    ] as const) {
      expect(await send(other, ...lines), `${other} ${lines}`).toBeOneOf([400, 401]);
    }
  });
});
