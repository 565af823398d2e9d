/*
 * The load on the servers. Left out where autocannon is not installed: `npm run bench:install` does that.
 */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { run } from './load.ts';

const isInstalled = existsSync(new URL('node_modules/autocannon', import.meta.url));

async function listen(answer: RequestListener): Promise<number> {
  const server = createServer(answer);
  onTestFinished(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

describe.skipIf(!isInstalled)('the load', () => {
  test('comes over as many connections as were asked for, each of which asks again, with the token', async () => {
    const headers = new Set<string | undefined>();
    const sockets = new Set<unknown>();
    let requests = 0;
    const port = await listen((request, response) => {
      requests += 1;
      headers.add(request.headers.authorization);
      sockets.add(request.socket);
      response.end('{}');
    });

    const result = await run({ port, token: 'the.good.token', connections: 3, milliseconds: 400 });

    // The last request of a connection may be answered when the time is up.
    expect(requests - result.requests).toBeLessThanOrEqual(3);
    expect(result.requests).toBeGreaterThan(3);
    expect(result.requestsPerSecond).toBeGreaterThan(0);
    expect([...headers]).toEqual(['Bearer the.good.token']);
    expect(sockets.size).toBe(3);
    expect(result.p99).toBeGreaterThan(0);
  });

  test('ends in an error where an answer is not 200: a refusal would look like speed', async () => {
    const port = await listen((_request, response) => response.writeHead(401).end());

    await expect(run({ port, token: 'bad', connections: 2, milliseconds: 50 })).rejects.toThrow(
      /^Of \d+ requests (\d+) were answered, \1 not with 200\.$/,
    );
  });

  test('ends in an error where there is no answer', async () => {
    const port = await listen((request) => request.socket.destroy());

    await expect(run({ port, token: 'any', connections: 2, milliseconds: 50 })).rejects.toThrow(
      /^Of \d+ requests 0 were answered/,
    );
  });
});
