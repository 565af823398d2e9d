/*
 * Some libraries have the address of the metadata server fixed. As their HTTP proxy, this brings what they send there to
 * the local Google, and answers 502 to anything else.
 */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';
import { server } from './world.ts';

/** Starts the proxy; resolves to its URL. */
export async function startMetadataProxy(): Promise<string> {
  const proxy = createServer(handle);
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  afterAll(() => {
    proxy.close();
  });
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

function handle(req: IncomingMessage, res: ServerResponse): void {
  const path = /^http:\/\/169\.254\.169\.254(\/.*)?$/.exec(`${req.url}`);
  if (path === null) {
    res.writeHead(502).end('There is only a metadata server here.');
    return;
  }
  const { host: _, ...headers } = req.headers;
  request(`${server.url}${path[1] ?? '/'}`, { method: req.method, headers, agent: false }, (answer) => {
    res.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(res);
  }).end();
}
