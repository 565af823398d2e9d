import { createServer, type Server, type ServerOptions } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** The whole head of a request: a token has 16 KiB at most. What is longer is answered with 431. */
const MAX_HEADER_BYTES = 32 * 1024;

/** A client that has not sent the head of its request by then is cut off. In milliseconds. */
const HEADERS_TIMEOUT = 10_000;

/** Longer than servers in front keep their connections (nginx: 60 s), so that none is closed as it is used again. */
const KEEP_ALIVE_TIMEOUT = 75_000;

const OPTIONS: ServerOptions = {
  maxHeaderSize: MAX_HEADER_BYTES,
  headersTimeout: HEADERS_TIMEOUT,
  // Of the body nothing is read before the guard has said yes, and then it may take its time.
  requestTimeout: 0,
  keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
  connectionsCheckingInterval: 1000,
  noDelay: true,
};

/** An HTTP server with limits, not listening yet. */
export function createLimitedServer(options: ServerOptions = {}): Server {
  const server = createServer({ ...OPTIONS, ...options });
  // Node drops what is beyond its limit without a word, and a second Authorization header might be there.
  server.maxHeadersCount = 0;
  return server;
}

/** Resolves to the port. */
export async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}

/** How often connections are looked at that have become idle while the server closes. In milliseconds. */
const CLOSING_INTERVAL = 50;

/**
 * Stops listening and waits until the requests under way are answered, but not longer than this.
 *
 * @param upgraded connections that have left HTTP, which the server does not know any more
 */
export async function closeGracefully(
  server: Server,
  upgraded: ReadonlySet<Duplex>,
  limitMilliseconds: number,
): Promise<void> {
  if (!server.listening) {
    return;
  }
  const closed = new Promise((resolve) => server.close(resolve));
  const idle = setInterval(() => server.closeIdleConnections(), CLOSING_INTERVAL);
  const limit = setTimeout(() => {
    server.closeAllConnections();
    for (const socket of upgraded) {
      socket.destroy();
    }
  }, limitMilliseconds);
  await closed;
  clearInterval(idle);
  clearTimeout(limit);
}
