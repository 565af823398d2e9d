import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FakeGoogle } from '@id-token-guard/testing';

/** How Google answers: with its keys, not at all until told to, or with 503. */
type OutboundAnswer = 'keys' | 'hold' | 'outage';

/** Everything outside of a Worker: whatever it fetches ends here, over real sockets. */
export interface Outbound {
  /** Host and port. */
  readonly address: string;
  /** The URLs that were asked for. */
  readonly requests: readonly string[];
  /** Sets how requests are answered from now on. */
  answerWith(answer: OutboundAnswer): void;
  /** The requests that are held back now, in order. */
  readonly held: readonly HeldRequest[];
  close(): void;
}

interface HeldRequest {
  /** Answers it with keys. */
  release(): void;
  /** Whoever made it hung up without an answer. */
  readonly isAbandoned: boolean;
}

export async function startOutbound(google: FakeGoogle): Promise<Outbound> {
  const requests: string[] = [];
  const held: HeldRequest[] = [];
  let answer: OutboundAnswer = 'keys';

  const server = createServer((request, response) => {
    requests.push(`https://${request.headers.host}${request.url}`);
    switch (answer) {
      case 'keys':
        return sendKeys(response);
      case 'hold':
        return void held.push({
          release: () => sendKeys(response),
          get isAbandoned() {
            return response.closed && !response.writableEnded;
          },
        });
      case 'outage':
        return void response.writeHead(503).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    held,
    answerWith(next) {
      answer = next;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };

  function sendKeys(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'max-age=7200' });
    response.end(JSON.stringify(google.jwks));
  }
}
