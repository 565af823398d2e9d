/*
 * docs/local-google.md: its shell lines are run, and its table of endpoints is compared with what is served.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { decodeJwt } from 'jose';
import { expect, onTestFinished, test } from 'vitest';
import { AUDIENCE, server, VM_ACCOUNT } from './support/google.ts';
import { raw } from './support/raw-http.ts';
import { startTarget } from './support/target.ts';

const page = await readFile(new URL('../../docs/local-google.md', import.meta.url), 'utf8');

test('the shell lines work, from the first to the last', async () => {
  const target = await startTarget();
  const directory = await mkdtemp(join(tmpdir(), 'id-token-guard-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const blocks = Array.from(page.matchAll(/```sh\n(.*?)```/gs), ([, block = '']) => block);
  const script = blocks
    .join('')
    .replaceAll('http://127.0.0.1:8585', server.url)
    .replaceAll('127.0.0.1:3000', target.host)
    .replaceAll('curl -s', 'curl --fail -s');

  const { stdout } = await promisify(execFile)('sh', ['-euc', script], { cwd: directory });

  expect(blocks).toHaveLength(5);
  const tokens = Array.from(stdout.matchAll(/"(?:id_)?token":"([^"]+)"/g), ([, token = '']) => decodeJwt(token));
  expect(tokens).toMatchObject([
    { aud: AUDIENCE, email: 'batch@my-project.iam.gserviceaccount.com' },
    { aud: AUDIENCE, email: 'robot@my-project.iam.gserviceaccount.com' },
  ]);
  expect(stdout).toContain(`"email":"${VM_ACCOUNT}"`);
  const forwarded = target.requests.map(({ method, url, headers }) => {
    const { aud, email } = decodeJwt(headers.authorization?.replace('Bearer ', '') ?? '');
    return [method, url, aud, email];
  });
  expect(forwarded).toEqual([
    ['POST', '/push', AUDIENCE, 'push@my-project.iam.gserviceaccount.com'],
    ['GET', '/tasks/handle?id=1', `${target.url}/tasks/handle?id=1`, 'tasks@my-project.iam.gserviceaccount.com'],
  ]);
});

test('every endpoint of the table is there', async () => {
  const rows = Array.from(page.matchAll(/^\| `(GET|POST) (\/[^`?…]*)/gm), ([, method = '', path = '']) => [
    method,
    path,
  ]);

  expect(rows.length).toBeGreaterThan(12);
  for (const [method, path = ''] of rows) {
    const answer = await raw({ method, path: path.replaceAll(/[{}]/g, '') });
    expect([path, answer.status === 405]).toEqual([path, false]);
    // These endpoints have no account {account} and no {email}, and say so in their own words.
    expect([path, answer.status === 404 && answer.body === 'Not Found']).toEqual([path, false]);
  }
});
