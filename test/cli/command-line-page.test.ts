/*
 * docs/command-line.md: its output is that of the golden files, and its shell lines are run.
 */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startLocalGoogle } from '@id-token-guard/emulator';
import { decodeJwt } from 'jose';
import { expect, onTestFinished, test } from 'vitest';

const page = await readFile(new URL('../../docs/command-line.md', import.meta.url), 'utf8');
const MAIN = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));

test('what it shows is what the commands print', async () => {
  const folder = new URL('golden/', import.meta.url);
  const names = await readdir(folder);
  const golden = await Promise.all(names.map(async (name) => (await readFile(new URL(name, folder), 'utf8')).trim()));
  const shown = blocks('console');

  expect(shown).toHaveLength(6);
  expect(shown.filter((text) => !golden.includes(text.trim()))).toEqual([]);
});

test('the lines to run work, from the first to the last', async () => {
  const server = await startLocalGoogle({ port: 0 });
  const requests: IncomingMessage[] = [];
  const service = createServer((req, res) => {
    requests.push(req);
    res.end();
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    service.close();
    await server.close();
  });
  const script = blocks('sh')
    // Guards run until they are stopped; test/serve starts them.
    .filter((block) => !block.startsWith('npm install') && !block.includes('id-token-guard serve'))
    .join('')
    .replaceAll(/id-token-guard mint .*?(?=\)|$)/gm, (command) => `${command} --emulator ${server.url}`)
    .replaceAll('http://127.0.0.1:8585', server.url)
    .replaceAll('127.0.0.1:3000', `127.0.0.1:${(service.address() as AddressInfo).port}`)
    .replaceAll('id-token-guard ', `'${process.execPath}' '${MAIN}' `);

  const { stdout } = await promisify(execFile)('sh', ['-euc', script]);

  // The token from Pub/Sub passes all checks but that of the caller, who was not given.
  expect(stdout).toContain('Undecided: no check failed, but these were not made: caller.');
  const authorization = requests.map(({ headers }) => headers.authorization?.replace('Bearer ', '') ?? '');
  expect(authorization.map((token) => decodeJwt(token).aud)).toEqual(['https://api.example.com/task']);
  const tokens = stdout.split('\n').filter((line) => line.startsWith('eyJ'));
  expect(tokens.map((token) => decodeJwt(token))).toMatchObject([{ exp: 1700000000 }, { email_verified: false }]);
  expect(JSON.parse(stdout.slice(stdout.indexOf('{\n')))).toMatchObject({ claims: { hd: 'example.com' } });
});

test('every option of every command is explained', async () => {
  for (const command of ['explain', 'doctor', 'emulate', 'mint', 'serve']) {
    const source = await readFile(new URL(`../../packages/cli/src/${command}.ts`, import.meta.url), 'utf8');
    const options = Array.from(source.matchAll(/^ {2}'?([a-z-]+)'?: \{ type: /gm), ([, name]) => `--${name}`);
    expect(options.filter((option) => !page.includes(option))).toEqual([]);
  }
});

function blocks(language: string): string[] {
  return Array.from(page.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs')), ([, block = '']) => block);
}
