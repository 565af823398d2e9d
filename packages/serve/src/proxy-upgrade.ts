import type { ClientRequest, IncomingMessage } from 'node:http';
import { type Duplex, pipeline } from 'node:stream';
import { BAD_GATEWAY, rawAnswer } from './answer.ts';
import { endToEndHeaders } from './request-headers.ts';

/**
 * Joins a client that asks for a WebSocket and an app: where the app says 101, both have the connection from then on; any
 * other answer goes to the client as it is.
 *
 * @see RFC 9110 §7.8
 */
export function upgradeThrough(
  onward: ClientRequest,
  socket: Duplex,
  head: Buffer,
  report: (error: Error) => void,
): void {
  if (socket.destroyed) {
    onward.destroy(); // The client has hung up meanwhile.
  }
  onward.once('upgrade', (answer, upstream, upstreamHead) => {
    socket.write(headOf(answer, ['Connection: Upgrade', `Upgrade: ${answer.headers.upgrade ?? 'websocket'}`]));
    socket.write(upstreamHead);
    upstream.write(head);
    join(socket, upstream);
  });
  onward.once('response', (answer) => {
    // The connection ends behind the body, which then needs no other end.
    socket.write(headOf(answer, ['Connection: close']));
    pipeline(answer, socket, () => {});
  });
  onward.on('error', (error) => {
    report(error);
    if (socket.writable) {
      socket.end(rawAnswer(BAD_GATEWAY));
    }
  });
  socket.once('close', () => onward.destroy());
  onward.end();
}

function headOf(answer: IncomingMessage, more: readonly string[]): Buffer {
  const lines = endToEndHeaders(answer.rawHeaders).map(([name, value]) => `${name}: ${value}`);
  const head = [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`, ...lines, ...more, '', ''].join('\r\n');
  return Buffer.from(head, 'latin1'); // As Node reads them.
}

/** Where one side ends, the other does, too. */
function join(one: Duplex, other: Duplex): void {
  pipeline(one, other, () => other.destroy());
  pipeline(other, one, () => one.destroy());
}
