/*
 * A key URL on loopback that behaves well or as badly as a test wants, and counts its requests.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline, Readable } from 'node:stream';
import { constants, deflateRawSync } from 'node:zlib';

/** How the server answers a request. */
export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

export interface JwksServer {
  readonly url: string;
  /** How many requests have come so far. */
  readonly requests: number;
  /** Sets how requests are answered from now on. */
  answerWith(answer: Answer): void;
  /** Waits until so many requests have come. */
  requestsReach(count: number): Promise<void>;
  close(): Promise<void>;
}

export async function startJwksServer(firstAnswer: Answer): Promise<JwksServer> {
  let answer = firstAnswer;
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    server.emit('counted');
    answer(response, request);
  });
  // Idle connections stay open, so that whatever keeps a client's process alive is not the server's doing.
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/oauth2/v3/certs`,
    get requests() {
      return requests;
    },
    answerWith(next) {
      answer = next;
    },
    async requestsReach(count) {
      while (requests < count) {
        await once(server, 'counted');
      }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** How long the answers of {@link keys} are fresh. In seconds. */
export const FRESH_SECONDS = 3600;

/** A JWKS as Google sends it. `jwks` is looked at when a request comes. */
export function keys(jwks: () => object, headers: OutgoingHttpHeaders = {}): Answer {
  return (response) =>
    send(200, JSON.stringify(jwks()), { 'cache-control': `public, max-age=${FRESH_SECONDS}`, ...headers })(response);
}

/** A complete answer. */
export function send(
  status: number,
  body: string | Uint8Array = '',
  headers: OutgoingHttpHeaders = {},
): (response: ServerResponse) => void {
  return (response) => void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
}

/** No answer at all. */
export const hang: Answer = () => {};

/** The connection is cut before an answer. */
export const reset: Answer = (response) => void response.socket?.resetAndDestroy();

/** The connection is cut in the middle of the body. */
export function resetWithin(body: string): Answer {
  return (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.write(body.slice(0, body.length / 2), () => response.socket?.resetAndDestroy());
  };
}

/** The headers at once, the body one byte a second. */
export function drip(body: string): Answer {
  return (response) => {
    let sent = 0;
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.flushHeaders();
    const timer = setInterval(() => response.write(body[sent++] ?? ''), 1000);
    response.once('close', () => clearInterval(timer));
  };
}

const MEGABYTE = 1024 * 1024;

/** A good document, followed by white space: it could be parsed if anybody read it to the end. */
export function large(document: string, megabytes: number): Answer {
  return (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    sendRepeatedly(response, Buffer.from(document), Buffer.alloc(MEGABYTE / 16, ' '), megabytes * 16);
  };
}

/** RFC 1952 §2.3: deflate, without name and time. */
const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);

/**
 * The same, compressed to a thousandth. One member, since Deno reads no second one; without its end, which a client
 * that counts never comes to.
 */
export function gzipBomb(document: string, megabytes: number): Answer {
  const first = Buffer.concat([GZIP_HEADER, deflated(Buffer.from(document))]);
  const chunk = deflated(Buffer.alloc(MEGABYTE, ' '));
  return (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    sendRepeatedly(response, first, chunk, megabytes);
  };
}

/** Whole blocks that need nothing of those before. */
function deflated(bytes: Buffer): Buffer {
  return deflateRawSync(bytes, { finishFlush: constants.Z_FULL_FLUSH });
}

/** No faster than the client reads, and no longer than it listens. */
function sendRepeatedly(response: ServerResponse, first: Buffer, chunk: Buffer, times: number): void {
  function* chunks() {
    yield first;
    for (let sent = 0; sent < times; sent += 1) {
      yield chunk;
    }
  }
  // The client hangs up as soon as it has seen enough.
  pipeline(Readable.from(chunks()), response, () => {});
}

export function redirectTo(url: string, status = 302): Answer {
  return send(status, '', { location: url });
}

/** The keys as they were when the request came, after some time. */
export function slowKeys(milliseconds: number, jwks: () => object): Answer {
  return (response, request) => {
    const document = jwks();
    setTimeout(() => keys(() => document)(response, request), milliseconds);
  };
}

/** Any answer, after some time. */
export function slowly(milliseconds: number, answer: Answer): Answer {
  return (response, request) => void setTimeout(() => answer(response, request), milliseconds);
}

/** One answer after the other; the last one from then on. */
export function inTurn(...answers: [Answer, ...Answer[]]): Answer {
  let next = 0;
  return (response, request) => {
    answers[Math.min(next, answers.length - 1)]?.(response, request);
    next += 1;
  };
}

/** Answers that are held back until the test releases them. */
export interface HeldAnswers {
  readonly answer: Answer;
  release(): void;
}

/** The keys as they were when the request came, when the test says so. */
export function heldKeys(jwks: () => object): HeldAnswers {
  const waiting: (() => void)[] = [];
  return {
    answer(response, request) {
      const document = jwks();
      waiting.push(() => keys(() => document)(response, request));
    },
    release() {
      for (const respond of waiting.splice(0)) {
        respond();
      }
    },
  };
}
