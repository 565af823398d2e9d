import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { GoogleIdToken, Refusal } from '@id-token-guard/core';
import type { Dialect } from './config.ts';
import { IDENTITY_HEADERS, identityValues } from './identity-headers.ts';

/** An answer of the guard's own, as a refusal is one. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer beside the refusal table, in the same shape. */
export function errorAnswer(status: number, code: string, description: string): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify({ error: code, error_description: description, code }),
  };
}

/** A client that writes the guard's headers itself: whichever server copies them to the app, it must not be the client's. */
export const FORGED: Answer = errorAnswer(
  400,
  'identity_header_forged',
  'The request carries a header that only the guard may set.',
);

/** What no request can cause: something in the guard is broken, and nobody gets in. */
export const BROKEN: Answer = errorAnswer(500, 'internal_error', 'The guard has failed.');

export const BAD_GATEWAY: Answer = errorAnswer(502, 'bad_gateway', 'The app behind the guard does not answer.');

export const UPGRADE_REFUSED: Answer = errorAnswer(
  400,
  'upgrade_refused',
  'Of other protocols, only WebSocket is passed on.',
);

export const NOT_FOUND: Answer = errorAnswer(404, 'not_found', 'The guard is asked at /auth.');

/** Lets the request in: 200, since Envoy takes no other status for a yes, with the identity. */
export function sendYes(res: ServerResponse, token: GoogleIdToken): void {
  const values = identityValues(token);
  res
    .writeHead(200, [
      IDENTITY_HEADERS[0],
      values[0],
      IDENTITY_HEADERS[1],
      values[1],
      IDENTITY_HEADERS[2],
      values[2],
      IDENTITY_HEADERS[3],
      values[3],
      'Cache-Control',
      'no-store',
      'Content-Length',
      '0',
    ])
    .end();
}

/** Tells a server that asks that the request must not go on, and what the client should see. */
export function sendNo(res: ServerResponse, answer: Answer | Refusal, dialect: Dialect): void {
  send(res, dialect === 'nginx' ? forNginx(answer) : answer);
}

/** Sends an answer of the guard's own. */
export function send(res: ServerResponse, { status, headers, body }: Answer | Refusal): void {
  res.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
}

/** The same as bytes, for a socket that has left HTTP. */
export function rawAnswer({ status, headers, body }: Answer | Refusal): string {
  const lines = Object.entries({ ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' });
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}

/** nginx tells apart 401 and 403 only, and would add a challenge of its own to a 401: so all is in headers, for `return`. */
function forNginx({ status, headers, body }: Answer | Refusal): Answer {
  return {
    status: 403,
    headers: {
      'cache-control': 'no-store',
      'x-id-token-guard-status': String(status),
      'x-id-token-guard-challenge': headers['www-authenticate'] ?? '',
      'x-id-token-guard-retry-after': headers['retry-after'] ?? '',
      'x-id-token-guard-body': body,
    },
    body: '',
  };
}
