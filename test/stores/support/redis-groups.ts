/*
 * Several Redis servers that stand in for each other: a cluster, and one that Sentinels watch.
 */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished, vi } from 'vitest';
import { type RedisServer, startRedisServer, startSentinel } from './redis-server.ts';

const execute = promisify(execFile);

/** Runs a command on a server, as its own client does. */
async function redisCli(port: number, ...command: readonly string[]): Promise<string> {
  const { stdout } = await execute('redis-cli', ['-h', '127.0.0.1', '-p', `${port}`, ...command]);
  return stdout.trim();
}

async function startUntilFinished(...args: readonly string[]): Promise<RedisServer> {
  const server = await startRedisServer(...args);
  onTestFinished(() => server.stop());
  return server;
}

export interface RedisCluster {
  readonly ports: readonly number[];
  /** Kills the server that has a key. A replica takes its place soon. */
  killOwnerOf(key: string): Promise<void>;
}

/** Three servers that share the keys, with a replica each, until the end of the test. */
export async function startCluster(): Promise<RedisCluster> {
  const options = [
    '--cluster-enabled',
    'yes',
    '--cluster-node-timeout',
    '1000',
    '--cluster-require-full-coverage',
    'no',
  ];
  const servers = await Promise.all(Array.from({ length: 6 }, () => startUntilFinished(...options)));
  const ports = servers.map(({ port }) => port);
  await redisCli(
    ports[0] as number,
    '--cluster',
    'create',
    ...ports.map((port) => `127.0.0.1:${port}`),
    '--cluster-replicas',
    '1',
    '--cluster-yes',
  );
  await vi.waitFor(
    async () => {
      const states = await Promise.all(ports.map((port) => redisCli(port, 'cluster', 'info')));
      const roles = await Promise.all(ports.map((port) => redisCli(port, 'info', 'replication')));
      const replicas = roles.filter((role) => role.includes('master_link_status:up'));
      if (!states.every((state) => state.includes('cluster_state:ok')) || replicas.length !== 3) {
        throw new Error('The cluster is not ready.');
      }
    },
    { timeout: 20_000, interval: 100 },
  );
  return {
    ports,
    async killOwnerOf(key) {
      const slot = await redisCli(ports[0] as number, 'cluster', 'keyslot', key);
      const nodes = await redisCli(ports[0] as number, 'cluster', 'nodes');
      const owner = nodes.split('\n').find((line) =>
        line
          .split(' ')
          .slice(8)
          .some((range) => {
            const [first = Number.NaN, last = first] = range.split('-').map(Number);
            return first <= Number(slot) && Number(slot) <= last;
          }),
      );
      const port = Number(/:(\d+)@/.exec(`${owner}`)?.[1]);
      await servers.find((server) => server.port === port)?.stop();
    },
  };
}

export const SENTINEL_NAME = 'main';

export interface WatchedRedis {
  readonly sentinelPort: number;
  /** Waits until the replica has all, and kills the server that is written to. */
  killMaster(): Promise<void>;
}

/** A server, its replica, and a Sentinel that puts one in the place of the other, until the end of the test. */
export async function startWatchedRedis(): Promise<WatchedRedis> {
  const master = await startUntilFinished();
  await startUntilFinished('--replicaof', '127.0.0.1', `${master.port}`);
  const sentinel = await startSentinel(async (directory) => {
    const path = join(directory, 'sentinel.conf');
    await writeFile(
      path,
      `sentinel monitor ${SENTINEL_NAME} 127.0.0.1 ${master.port} 1
sentinel down-after-milliseconds ${SENTINEL_NAME} 500
sentinel failover-timeout ${SENTINEL_NAME} 5000
`,
    );
    return path;
  });
  onTestFinished(() => sentinel.stop());
  await vi.waitFor(
    async () => {
      if (!(await redisCli(sentinel.port, 'sentinel', 'replicas', SENTINEL_NAME)).includes('slave')) {
        throw new Error('The Sentinel does not know the replica.');
      }
    },
    { timeout: 20_000, interval: 100 },
  );
  return {
    sentinelPort: sentinel.port,
    async killMaster() {
      await redisCli(master.port, 'wait', '1', '5000');
      await master.stop();
    },
  };
}
