/*
 * A service on this machine that the forwarder sends requests on to.
 */
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

export interface Target {
  /** Such as `127.0.0.1:3000`. */
  readonly host: string;
  readonly url: string;
  /** The requests that have arrived. */
  readonly requests: readonly IncomingMessage[];
}

/** Starts a service for one test. By default it answers with the body that came. */
export async function startTarget(listener: RequestListener = echo): Promise<Target> {
  const requests: IncomingMessage[] = [];
  const service: Server = createServer((req, res) => {
    requests.push(req);
    listener(req, res);
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    service.close();
    service.closeAllConnections();
  });
  const host = `127.0.0.1:${(service.address() as AddressInfo).port}`;
  return { host, url: `http://${host}`, requests };
}

/** A host where nobody listens: that of a service that has stopped. */
export async function stoppedTarget(): Promise<string> {
  const service = createServer();
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  const { port } = service.address() as AddressInfo;
  await new Promise((resolve) => service.close(resolve));
  return `127.0.0.1:${port}`;
}

/** Answers with what came: `X-Method`, `X-Url`, and the body, chunk by chunk. */
const echo: RequestListener = (req, res) => {
  res.writeHead(200, { 'x-method': req.method, 'x-url': req.url });
  res.flushHeaders();
  req.pipe(res);
};

/** Answers once the body has been read, with it as JSON together with how it was framed. */
export const describeBody: RequestListener = async (req, res) => {
  const body = await text(req);
  const { 'content-length': length, 'transfer-encoding': encoding } = req.headers;
  res.end(JSON.stringify({ body, length, encoding }));
};
