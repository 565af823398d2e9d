import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const redisServerIsInstalled = spawnSync('redis-server', ['--version']).error === undefined;

/** A real Redis that listens on loopback, with a directory of its own. */
export interface RedisServer {
  readonly port: number;
  /** Kills it. Once is enough; more do no harm. */
  stop(): Promise<void>;
}

/** Starts one that keeps nothing on disk, unless the arguments of `redis-server` say otherwise. */
export async function startRedisServer(...more: readonly string[]): Promise<RedisServer> {
  const port = await freePort();
  const options = ['--bind', '127.0.0.1', '--port', `${port}`, '--save', '', '--appendonly', 'no', ...more];
  return startProcess(port, options, /ready to accept connections/i);
}

/** Starts a Sentinel, with a configuration file of these lines, which it rewrites. */
export async function startSentinel(writeConfiguration: (directory: string) => Promise<string>): Promise<RedisServer> {
  const port = await freePort();
  return startProcess(
    port,
    async (directory) => [
      await writeConfiguration(directory),
      '--sentinel',
      '--bind',
      '127.0.0.1',
      '--port',
      `${port}`,
    ],
    /\+monitor/,
  );
}

/** Kills the server when the input ends: by `stop()`, or because the process of the tests is gone. */
const UNTIL_INPUT_ENDS = 'redis-server "$@" & exec >/dev/null; cat; kill -9 $!; wait $! 2>/dev/null';

async function startProcess(
  port: number,
  options: readonly string[] | ((directory: string) => Promise<readonly string[]>),
  isReady: RegExp,
): Promise<RedisServer> {
  const directory = await mkdtemp(join(tmpdir(), 'redis-'));
  const args = typeof options === 'function' ? await options(directory) : options;
  const server = spawn('sh', ['-c', UNTIL_INPUT_ENDS, 'sh', ...args], {
    cwd: directory,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(server, 'exit');
  await readiness(server, isReady).catch((error) => {
    server.stdin.end();
    throw error;
  });
  return {
    port,
    async stop() {
      server.stdin.end();
      await exited;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function readiness({ stdout }: ChildProcess, isReady: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    const log: string[] = [];
    // The lines that follow are read too: a full pipe would stop the server.
    createInterface({ input: stdout as NodeJS.ReadableStream })
      .on('line', (line) => {
        log.push(line);
        if (isReady.test(line)) {
          resolve();
        }
      })
      .on('close', () => reject(new Error(`redis-server did not start:\n${log.join('\n')}`)));
  });
}
