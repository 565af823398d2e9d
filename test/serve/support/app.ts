/*
 * The app behind the guard, in whatever language: it tells what has reached it.
 */
import { createHash } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came. */
export interface Received {
  readonly method: string;
  readonly url: string;
  /** Names as sent. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly bytes: number;
  readonly sha256: string;
}

export interface App {
  readonly url: string;
  readonly port: number;
  /** In the order of their ends; empty it between tests. */
  readonly received: Received[];
  /** Answers the next requests in place of the app, with the body unread. */
  answerWith(listener: RequestListener | undefined): void;
  close(): void;
}

/** Answers every request with 200 and `{"hello":"app"}`. */
export async function startApp(): Promise<App> {
  const received: Received[] = [];
  let other: RequestListener | undefined;
  const server = createServer(async (req, res) => {
    const hash = createHash('sha256');
    let bytes = 0;
    const { method = '', url = '', rawHeaders } = req;
    const headers = rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [[name, rawHeaders[at + 1] ?? ''] as const] : []));
    if (other !== undefined) {
      received.push({ method, url, headers, bytes, sha256: '' });
      return other(req, res);
    }
    try {
      for await (const chunk of req) {
        bytes += chunk.length;
        hash.update(chunk);
      }
    } catch {
      return; // The other side broke off.
    }
    received.push({ method, url, headers, bytes, sha256: hash.digest('hex') });
    res.setHeader('content-type', 'application/json');
    res.setHeader('x-app', 'here');
    res.end('{"hello":"app"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    received,
    answerWith(listener) {
      other = listener;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The values of a header of whatever spelling: `X_Google_Audience` is `x-google-audience` to many an app. */
export function valuesOf(received: Received | undefined, name: string): string[] {
  return (received?.headers ?? [])
    .filter(([each]) => each.toLowerCase().replaceAll(/[^a-z0-9]/g, '-') === name)
    .map(([, value]) => value);
}
