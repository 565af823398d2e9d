/*
 * The adapters that need a server of Node.js, on the runtimes that have one: started there, and asked from here over raw
 * sockets.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { GoogleIdTokenError, type GoogleIdTokenErrorCode, toRefusal } from '@id-token-guard/core';
import { GOOD_LINES, REFUSED_LINES, STOPPED_LINES } from '../adapters/support/header-lines.ts';
import { type Answer, type Connection, exchange, openConnection } from '../adapters/support/raw-http.ts';
import { travelsOverHttp } from '../core/hostile/catalogue.ts';
import { installProgram } from './bundle.ts';
import { expectEqual } from './conformance/check.ts';
import type { ForgedInput, Outside } from './conformance/outside.ts';
import type { Result } from './conformance/suite.ts';
import { EXECUTABLES } from './executables.ts';

/** Those runtimes, and how each starts a program with the permissions that it needs. */
export const SERVER_RUNTIMES: Readonly<Record<string, (directory: string) => readonly [string, ...string[]]>> = {
  'Node.js 20': () => [EXECUTABLES['node 20']],
  'Node.js 22': () => [EXECUTABLES['node 22']],
  'Node.js 24': () => [EXECUTABLES['node 24']],
  'Node.js 26': () => [EXECUTABLES['node 26']],
  Deno: (directory) => [
    EXECUTABLES.deno,
    'run',
    '--no-prompt',
    `--allow-read=${directory}`,
    '--allow-net=127.0.0.1',
    // For Express and Koa.
    '--allow-env',
  ],
  Bun: () => [EXECUTABLES.bun],
};

/** What became of the checks, by adapter. */
export type ServerResults = Readonly<Record<string, readonly Result[]>>;

/** Starts all adapters in a runtime, and tries each. */
export async function tryServers(runtime: string, directory: string, outside: Outside): Promise<ServerResults> {
  const program = await installProgram('runners/servers.ts', directory);
  const input = join(directory, 'servers.json');
  await writeFile(input, JSON.stringify(outside));
  const [command, ...options] = SERVER_RUNTIMES[runtime]?.(directory) ?? [runtime];
  const child = spawn(command, [...options, program, input], { cwd: directory, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const lines = createInterface({ input: child.stdout });
    const [line] = await Promise.race([once(lines, 'line'), once(child, 'exit').then(([code]) => [`${code}`])]);
    const results: Record<string, Result[]> = {};
    for (const [name, ports] of Object.entries<Ports>(JSON.parse(line))) {
      results[name] = await resultsOf(ports, outside);
    }
    return results;
  } finally {
    child.kill('SIGKILL');
  }
}

interface Ports {
  readonly port: number;
  readonly portWithoutKeys: number;
}

async function resultsOf({ port, portWithoutKeys }: Ports, { hostile }: Outside): Promise<Result[]> {
  const other = hostile.accepted.find(({ authorization }) => isPlain(authorization))?.authorization ?? '';
  const tokens = [hostile.good, `${other}`.replace('Bearer ', '')] as const;
  const connection = openConnection(port);
  const checks: Readonly<Record<string, () => Promise<void>>> = {
    'lets a good token through to the handler': async () => {
      expectHandled(await exchange(port, requestWith([`Authorization: Bearer ${hostile.good}`], 'close')));
    },
    'takes a good token however it may be written': async () => {
      for (const [name, lines] of Object.entries(GOOD_LINES)) {
        await named(name, async () => expectHandled(await connection.exchange(requestWith(lines(...tokens)))));
      }
    },
    ...Object.fromEntries(
      Object.entries(REFUSED_LINES).map(([code, cases]) => [
        `refuses ${Object.keys(cases).length} ways to write a header with ${code}`,
        () =>
          withoutHandling(connection, async () => {
            for (const [name, lines] of Object.entries(cases)) {
              const request = requestWith(lines(...tokens));
              await named(name, () => expectRefused(connection, request, code as GoogleIdTokenErrorCode));
            }
          }),
      ]),
    ),
    'lets nothing through that is no HTTP': () =>
      withoutHandling(connection, async () => {
        for (const [name, lines] of Object.entries(STOPPED_LINES)) {
          await named(name, async () => {
            // Node.js answers 400; whoever hangs up, or reads something else and refuses that, is as good.
            const { text, status } = await exchange(port, requestWith(lines(...tokens), 'close'));
            expectEqual(text === '' || status >= 400, true);
          });
        }
      }),
    ...Object.fromEntries(
      hostile.families.map(({ name, inputs }) => {
        const sent = inputs.filter(travels);
        return [
          `refuses ${sent.length} hostile inputs: ${name}`,
          () =>
            withoutHandling(connection, async () => {
              for (const { name, authorization, code } of sent) {
                await named(name, () => expectRefused(connection, requestWith(linesOf(authorization)), code));
              }
            }),
        ];
      }),
    ),
    'accepts tokens that are odd, legal and good': async () => {
      for (const { name, authorization } of hostile.accepted.filter(travels)) {
        const request = requestWith(linesOf(authorization));
        await named(name, async () => expectHandled(await connection.exchange(request)));
      }
    },
    'answers 503 while there are no keys': async () => {
      const { headers, status } = await exchange(
        portWithoutKeys,
        requestWith([`Authorization: Bearer ${hostile.good}`], 'close'),
      );
      expectEqual([status, /^\d+$/.test(`${headers['retry-after']}`)], [503, true]);
    },
  };
  const results: Result[] = [];
  for (const [name, check] of Object.entries(checks)) {
    results.push(
      await check().then(
        () => ({ name, passed: true }),
        (error: Error) => ({ name, passed: false, error: error.message }),
      ),
    );
  }
  connection.close();
  return results;
}

/** What a server takes of headers, with room for the rest of the request. */
const MAX_LENGTH = 15 * 1024;

function travels({ authorization }: ForgedInput): boolean {
  return travelsOverHttp(authorization) && linesOf(authorization).join('').length <= MAX_LENGTH;
}

function isPlain(authorization: ForgedInput['authorization']): boolean {
  return typeof authorization === 'string' && /^Bearer [\w.-]+$/.test(authorization);
}

function linesOf(authorization: ForgedInput['authorization']): string[] {
  return [authorization ?? []].flat().map((value) => `Authorization: ${value}`);
}

function requestWith(lines: readonly string[], connection = 'keep-alive'): string {
  return ['GET /orders HTTP/1.1', 'Host: api.example.com', `Connection: ${connection}`, ...lines, '', ''].join('\r\n');
}

function expectHandled({ status, body }: Answer): void {
  expectEqual([status, body], [200, 'handled']);
}

/** That these are the right bytes is for the tests of the adapters; here every runtime must send them. */
async function expectRefused(connection: Connection, request: string, code: GoogleIdTokenErrorCode): Promise<void> {
  const answer = await connection.exchange(request);
  const { status, headers, body } = toRefusal(new GoogleIdTokenError(code));
  expectEqual(
    [answer.status, answer.headers['www-authenticate'], answer.headers['content-type'], answer.body],
    [status, headers['www-authenticate'], headers['content-type'], body],
  );
}

/** The handler must not run meanwhile, whatever the answers look like. */
async function withoutHandling(connection: Connection, work: () => Promise<void>): Promise<void> {
  const before = await handledSoFar(connection);
  await work();
  expectEqual(await handledSoFar(connection), before);
}

/** A refused request tells it, too. */
async function handledSoFar(connection: Connection): Promise<string | undefined> {
  return (await connection.exchange(requestWith([]))).headers['x-handled'];
}

async function named(name: string, check: () => Promise<void>): Promise<void> {
  try {
    await check();
  } catch (error) {
    throw new Error(`At "${name}": ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}
