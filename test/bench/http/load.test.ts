import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { run } from './load.ts';

async function listen(answer: RequestListener): Promise<number> {
  const server = createServer(answer);
  onTestFinished(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

test('every connection asks again as long as there is time, with the token', async () => {
  const headers = new Set<string | undefined>();
  const sockets = new Set<unknown>();
  let requests = 0;
  const port = await listen((request, response) => {
    requests += 1;
    headers.add(request.headers.authorization);
    sockets.add(request.socket);
    // In pieces, as a network may deliver it.
    response.writeHead(200, { 'content-length': 6 }).write('abc');
    setImmediate(() => response.end('def'));
  });

  const result = await run({ port, token: 'the.good.token', connections: 3, milliseconds: 400 });

  expect(result.requests).toBe(requests);
  expect(requests).toBeGreaterThan(3);
  expect([...headers]).toEqual(['Bearer the.good.token']);
  expect(sockets.size).toBe(3);
  expect(result.p99).toBeGreaterThan(0);
});

test('an answer that is not 200 ends the load: a refusal would look like speed', async () => {
  const port = await listen((_request, response) => response.writeHead(401, { 'content-length': 0 }).end());

  await expect(run({ port, token: 'bad', connections: 2, milliseconds: 50 })).rejects.toThrow(
    'The server answers HTTP/1.1 401',
  );
});
