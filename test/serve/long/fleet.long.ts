/*
 * Three guards that share keys through a real Redis, behind nginx, under load by wrk; one of them is killed.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { printConfiguration } from '@id-token-guard/serve';
import { afterAll, describe, expect, test } from 'vitest';
import { exchange, requestText } from '../../adapters/support/raw-http.ts';
import { redisServerIsInstalled, startRedisServer } from '../../stores/support/redis-server.ts';
import { startApp } from '../support/app.ts';
import { launchNginx } from '../support/front-servers.ts';
import { type GuardProcess, startGuard } from '../support/guard.ts';
import { freePort, isInstalled, listening, temporaryDirectory } from '../support/processes.ts';
import { good, google, keysUrl } from '../support/world.ts';

const isComplete = redisServerIsInstalled && isInstalled('nginx') && isInstalled('wrk');

describe.skipIf(!isComplete)(
  'three guards and one Redis behind nginx (left out without redis-server, nginx and wrk)',
  async () => {
    const redis = await startRedisServer();
    afterAll(() => redis.stop());

    test('one fetch of keys between them; one killed under load costs nothing but what it was answering', async () => {
      const fetchesBefore = google.jwksRequests;
      const app = await startApp();
      const args = ['--redis', `redis://127.0.0.1:${redis.port}`];
      const guards = await Promise.all([0, 1, 2].map(() => startGuard(keysUrl, args)));
      await Promise.all(guards.map(ready));
      expect(google.jwksRequests - fetchesBefore).toBe(1);

      const front = await startNginxBefore(guards, app.port);
      const statusOf = async (lines: readonly string[]) =>
        (await exchange(front.port, requestText('GET / HTTP/1.1', lines))).status;
      expect([await statusOf([good]), await statusOf([])]).toEqual([200, 401]);

      const [accepted, refused] = await Promise.all([
        load(front.port, [good]),
        load(front.port, ['Authorization: Bearer forged']),
        new Promise((resolve) => setTimeout(resolve, 2000)).then(() => guards[1]?.stop('SIGKILL')),
      ]);
      console.log(`Good: ${JSON.stringify(accepted)}. Forged: ${JSON.stringify(refused)}.`);

      // Of the good ones, those that the killed guard was answering may be lost: one for each connection.
      expect(accepted.statuses['200']).toBeGreaterThan(100);
      expect(accepted.total - (accepted.statuses['200'] ?? 0)).toBeLessThanOrEqual(CONNECTIONS);
      expect(Object.keys(accepted.statuses).filter((status) => !['200', '500', '502', '503'].includes(status))).toEqual(
        [],
      );
      // Of the others, none was let in.
      expect(refused.statuses['200']).toBeUndefined();
      expect(refused.statuses['401']).toBeGreaterThan(100);
      expect(app.received.length).toBeGreaterThanOrEqual(accepted.statuses['200'] ?? 0);
      expect(app.received.every(({ headers }) => headers.some(([name]) => name === 'X-Google-Caller-Kind'))).toBe(true);
      expect([await statusOf([good]), await statusOf([])]).toEqual([200, 401]);
      expect(google.jwksRequests - fetchesBefore).toBe(1);

      await Promise.all([front.stop(), ...guards.map((guard) => guard.stop())]);
      app.close();
    });

    test('without Redis each of them fetches', async () => {
      const fetchesBefore = google.jwksRequests;
      const guards = await Promise.all([0, 1].map(() => startGuard(keysUrl, ['--redis', 'unix:///nowhere.sock'])));
      await Promise.all(guards.map(ready));

      expect(google.jwksRequests - fetchesBefore).toBe(2);
      await Promise.all(guards.map((guard) => guard.stop()));
    });
  },
);

const CONNECTIONS = 16;

async function ready({ managementUrl }: GuardProcess): Promise<void> {
  await expect.poll(async () => (await fetch(`${managementUrl}/readyz`)).status, { timeout: 10_000 }).toBe(200);
}

async function startNginxBefore(guards: readonly GuardProcess[], appPort: number) {
  const port = await freePort();
  const [first] = guards;
  const options = { port: first?.port, upstream: `http://127.0.0.1:${appPort}`, listen: `127.0.0.1:${port}` };
  const servers = guards.map((guard) => `server 127.0.0.1:${guard.port};`).join(' ');
  const configuration = printConfiguration('nginx', options).replace(`server 127.0.0.1:${first?.port};`, servers);
  const front = launchNginx(configuration, temporaryDirectory());
  await listening(front, port);
  return Object.assign(front, { port });
}

interface Load {
  readonly total: number;
  readonly statuses: Readonly<Record<string, number>>;
}

/** Five seconds; every answer is counted by its status. */
async function load(port: number, lines: readonly string[]): Promise<Load> {
  const script = join(import.meta.dirname, 'count-statuses.lua');
  const headers = lines.flatMap((line) => ['-H', line]);
  const { stdout } = await promisify(execFile)('wrk', [
    ...['-t', '1', '-c', String(CONNECTIONS), '-d', '5s', '-s', script],
    ...headers,
    `http://127.0.0.1:${port}/`,
  ]);
  const statuses = Object.fromEntries(
    [...stdout.matchAll(/^status (\d+) (\d+)$/gm)].map(([, status = '', count]) => [status, Number(count)]),
  );
  // Connections that broke have no status.
  const [, errors = 0] = /^errors (\d+)$/m.exec(stdout) ?? [];
  return { total: Object.values(statuses).reduce((sum, count) => sum + count, 0) + Number(errors), statuses };
}
