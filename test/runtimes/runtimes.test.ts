import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFakeGoogle } from '@id-token-guard/testing';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { bundle, EDGE_CONDITIONS, installProgram, WORKERD_CONDITIONS } from './bundle.ts';
import type { Outside } from './conformance/outside.ts';
import type { Result } from './conformance/suite.ts';
import { EXECUTABLES } from './executables.ts';
import { prepare } from './prepare.ts';
import { type Runtime, runtimes } from './runtimes.ts';
import { markdownTable, type Row, serverTable, withTable } from './table.ts';

const prepared = await prepare();
const installed = await Promise.all(runtimes.map(async (runtime) => ({ runtime, version: await runtime.version() })));
const resultsOf = new Map<Runtime, Result[]>();

afterAll(async () => {
  await prepared.clear();
  const rows = installed.map(({ runtime, version }) => ({
    runtime: runtime.name,
    version,
    results: resultsOf.get(runtime) ?? [],
  }));
  console.log(`The conformance suite, on the built packages:\n${markdownTable(rows)}`);
});

describe.each(installed)('the built packages on $runtime.name', ({ runtime, version }) => {
  if (version === undefined) {
    console.log(`${runtime.name} is not installed here, so it is passed over. "npm run setup" installs it.`);
  }

  test.skipIf(version === undefined)(
    'pass the conformance suite',
    async () => {
      const results = await prepared.runIn(runtime);
      resultsOf.set(runtime, results);

      expect(results.filter(({ passed }) => !passed)).toEqual([]);
      expect(results.map(({ name }) => name)).toContain('accepts a good token and says who is calling');
    },
    120_000,
  );
});

test.each([
  ['Cloudflare Workers', 'worker.ts', WORKERD_CONDITIONS],
  ['Vercel Edge', 'edge.ts', EDGE_CONDITIONS],
])('what runs on %s is the build of core for edge runtimes', async (_name, runner, conditions) => {
  const program = await installProgram(`runners/${runner}`, prepared.directory);
  const text = await bundle(program, conditions, 'esm');

  const files = text.match(/(?<=^ *\/\/ .*@id-token-guard\/core\/)dist\/\S+$/gm) ?? [];
  expect(files).toContain('dist/edge/index.js');
  expect(files.filter((file) => !file.startsWith('dist/edge/'))).toEqual([]);
});

describe.each(Object.entries(EXECUTABLES))('a process on %s', (name, command) => {
  test.skipIf(!existsSync(command))('ends as soon as it has nothing to do but keep keys', async () => {
    const { directory } = prepared;
    const asked: IncomingHttpHeaders[] = [];
    const url = await startKeys((headers) => asked.push(headers));
    const program = await installProgram('runners/fetch-keys.ts', directory);
    const options = name === 'deno' ? ['run', '--no-prompt', '--allow-net=127.0.0.1'] : [];

    // The timer of the fetch would go on for a minute.
    const { status, signal, stdout } = await endOf(command, [...options, program, url]);

    expect({ status, signal, stdout }).toEqual({ status: 0, signal: null, stdout: 'fresh\n' });
    // Over node:https nothing compressed is asked for. Where fetch is the quicker one, keys come over fetch.
    const codings = asked.map((headers) => headers['accept-encoding'] === 'identity');
    expect(codings).toEqual([name.startsWith('node')]);
  });
});

describe.each(Object.entries(EXECUTABLES))('a process on %s that mixes import and require()', (name, command) => {
  test.skipIf(!existsSync(command))('has one of everything', async () => {
    const { directory } = prepared;
    const program = await installProgram('runners/both-ways.ts', directory);
    const options = name === 'deno' ? ['run', '--no-prompt', `--allow-read=${directory}`] : [];

    const { status, stdout } = await endOf(command, [...options, program, ...ENTRIES], directory);

    expect({ status, strangers: JSON.parse(stdout) }).toEqual({ status: 0, strangers: [] });
  });
});

/** What runs without a package of others. */
const ENTRIES = [
  ...['core', 'core/stores', 'core/explain', 'senders', 'testing'],
  ...['express', 'fastify', 'fetch', 'hono', 'koa'],
].map((name) => `@id-token-guard/${name}`);

describe('the conformance suite', () => {
  test('says which check failed, and how, and goes on', async () => {
    const { hostile, keyServer } = prepared.outside;
    const good = hostile.accepted[0] ?? expect.fail('There is no good token.');
    const family = { name: 'not hostile at all', inputs: [{ ...good, code: 'token_expired' as const }] };
    const outside: Outside = { keyServer, hostile: { ...hostile, families: [family] } };
    const runtime = installed.find(({ version }) => version !== undefined)?.runtime ?? expect.fail('No runtime.');

    const results = await prepared.runIn(runtime, outside);

    expect(results.filter(({ passed }) => !passed)).toEqual([
      {
        name: 'refuses 1 hostile inputs: not hostile at all',
        passed: false,
        error: expect.stringContaining(
          'expected ["nothing odd at all","token_expired"], got ["nothing odd at all","accepted"]',
        ),
      },
    ]);
    expect(results.at(-1)).toMatchObject({ passed: true });
  });
});

describe('the report', () => {
  const rowsOfReport: Row[] = [
    {
      runtime: 'One',
      version: '1.2.3',
      results: [
        { name: 'a', passed: true },
        { name: 'b', passed: false },
      ],
    },
    { runtime: 'Other', version: undefined, results: [] },
  ];

  test('has a line per runtime, also for one that is missing', () => {
    expect(markdownTable(rowsOfReport)).toBe(
      '| runtime | version | passed |\n| --- | --- | --- |\n| One | 1.2.3 | 1/2 |\n| Other | not installed | – |',
    );
  });

  test('has a column per runtime for the adapters, also for one that is missing', () => {
    const columns = [
      { runtime: 'One', results: { express: rowsOfReport[0]?.results ?? [], koa: [{ name: 'a', passed: true }] } },
      { runtime: 'Other', results: {} },
    ];

    expect(serverTable(columns)).toBe(
      '| adapter | One | Other |\n| --- | --- | --- |\n| express | 1/2 | – |\n| koa | 1/1 | – |',
    );
  });

  test('goes between the markers of a text and changes nothing else', () => {
    const text = 'before\n<!-- runtimes:begin -->\nold\n<!-- runtimes:end -->\nafter\n';

    expect(withTable(text, 'new')).toBe('before\n<!-- runtimes:begin -->\nnew\n<!-- runtimes:end -->\nafter\n');
  });

  test('goes nowhere without markers', () => {
    expect(() => withTable('before\n<!-- runtimes:begin -->\n', 'new')).toThrow('There are no markers');
  });
});

/** A key URL that tells what it is asked with. */
async function startKeys(onRequest: (headers: IncomingHttpHeaders) => void): Promise<string> {
  const { jwks } = await createFakeGoogle();
  const server = createServer((request, response) => {
    onRequest(request.headers);
    response.end(JSON.stringify(jwks));
  });
  server.keepAliveTimeout = 0; // What keeps the process alive is not the server's doing.
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Runs a process until it ends, or stops it after 20 s. */
function endOf(
  command: string,
  args: string[],
  cwd?: string,
): Promise<{ status: number | null; signal: NodeJS.Signals | null; stdout: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'], timeout: 20_000 });
    let stdout = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.on('error', reject);
    child.on('close', (status, signal) => resolve({ status, signal, stdout }));
  });
}
