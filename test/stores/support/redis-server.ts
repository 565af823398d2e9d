import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const redisServerIsInstalled = spawnSync('redis-server', ['--version']).error === undefined;

/** A real Redis that listens on a socket in a directory of its own and keeps nothing on disk. */
export interface RedisServer {
  readonly socket: string;
  /** Kills it. Once is enough; more do no harm. */
  stop(): Promise<void>;
}

export async function startRedisServer(): Promise<RedisServer> {
  const directory = await mkdtemp(join(tmpdir(), 'redis-'));
  const socket = join(directory, 'redis.sock');
  const options = ['--port', '0', '--unixsocket', socket, '--dir', directory, '--save', '', '--appendonly', 'no'];
  const server = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(server, 'exit');
  await readiness(server);
  return {
    socket,
    async stop() {
      server.kill('SIGKILL');
      await exited;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function readiness({ stdout }: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const log: string[] = [];
    // The lines that follow are read too: a full pipe would stop the server.
    createInterface({ input: stdout as NodeJS.ReadableStream })
      .on('line', (line) => {
        log.push(line);
        if (/ready to accept connections/i.test(line)) {
          resolve();
        }
      })
      .on('close', () => reject(new Error(`redis-server did not start:\n${log.join('\n')}`)));
  });
}
