import { toRefusal } from './refusal.ts';

/** A connection, as far as an answer to it goes: a `net.Socket` or `tls.TLSSocket` of Node.js is one. */
export interface RefusableSocket {
  end(text: string, done: () => void): unknown;
  destroy(): unknown;
  on(event: 'error', listener: () => void): unknown;
}

/** RFC 9110 §15, for the statuses of the refusal table. */
const REASON_PHRASES = { 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 503: 'Service Unavailable' };

/**
 * Writes a refusal to a connection on which nobody else is going to answer, as that of a refused upgrade, and closes it.
 *
 * The answer is HTTP/1.1, the same status, headers and body as everywhere. The connection is closed when the answer has
 * been written, without waiting for the client. Errors of the connection are ignored from then on. What is not a
 * `GoogleIdTokenError` is thrown again, and nothing is written.
 *
 * @see RFC 9110 §7.8 (Upgrade)
 */
export function writeRefusal(error: unknown, socket: RefusableSocket): void {
  const { status, headers, body } = toRefusal(error);
  const length = new TextEncoder().encode(body).byteLength;
  const lines = Object.entries({ ...headers, 'content-length': length, connection: 'close' }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  // The client may have hung up: without a listener, that would end the process.
  socket.on('error', () => {});
  socket.end([`HTTP/1.1 ${status} ${REASON_PHRASES[status]}`, ...lines, '', body].join('\r\n'), () => socket.destroy());
}
