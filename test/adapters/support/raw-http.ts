/*
 * HTTP as it stands on the wire. `fetch` would join, trim or refuse what the tests want to send, and hide what comes back.
 */
import { connect, type Socket } from 'node:net';

/** An answer, taken apart and not interpreted. */
export interface Answer {
  readonly status: number;
  /** Lower-case names; a header that comes twice has both values, joined by ` & `, so that no exact comparison misses it. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** All of it, as received. */
  readonly text: string;
}

/** Writes a request to a port of this machine, byte for byte (as Latin-1), and reads the answer until the server hangs up. */
export async function exchange(port: number, request: string): Promise<Answer> {
  const text = await new Promise<string>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let received = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => {
      received += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(received));
    socket.write(request, 'latin1');
  });
  return parseAnswer(text);
}

/** A connection that stays open from one request to the next, for many of them. */
export interface Connection {
  /**
   * One at a time. Where the server has hung up, the connection is made anew. An answer that was lost with the
   * connection has an empty `text`.
   */
  exchange(request: string): Promise<Answer>;
  close(): void;
}

export function openConnection(port: number): Connection {
  let socket: Socket | undefined;
  return {
    exchange: (request) =>
      new Promise((resolve) => {
        const open = socket?.readable && socket.writable ? socket : connect(port, '127.0.0.1').setEncoding('latin1');
        socket = open;
        let received = '';
        const onData = (chunk: string) => {
          received += chunk;
          if (isComplete(received)) {
            settle();
          }
        };
        // Node.js hangs up where it cannot read a request; the rest of a large one then meets a reset.
        const settle = () => {
          open.removeAllListeners().on('error', () => {});
          resolve(parseAnswer(received));
        };
        open.on('data', onData).on('close', settle).on('error', settle);
        open.write(request, 'latin1');
      }),
    close: () => void socket?.destroy(),
  };
}

/** The whole head is there, and as much of a body as it says. */
function isComplete(text: string): boolean {
  const { headers, body } = parseAnswer(text);
  return text.includes('\r\n\r\n') && body.length >= Number(headers['content-length'] ?? Number.POSITIVE_INFINITY);
}

/** A request without body for {@link exchange}, after which the server hangs up. */
export function requestText(requestLine: string, headerLines: readonly string[]): string {
  return [requestLine, 'Host: api.example.com', 'Connection: close', ...headerLines, '', ''].join('\r\n');
}

function parseAnswer(text: string): Answer {
  const [head = '', rest = ''] = splitOnce(text, '\r\n\r\n');
  const [statusLine = '', ...headerLines] = head.split('\r\n');
  const headers: Record<string, string> = {};
  for (const line of headerLines) {
    const [name = '', value = ''] = splitOnce(line, ':');
    const known = headers[name.toLowerCase()];
    headers[name.toLowerCase()] = known === undefined ? value.trim() : `${known} & ${value.trim()}`;
  }
  const body = headers['transfer-encoding'] === 'chunked' ? dechunk(rest) : rest;
  return { status: Number(statusLine.split(' ')[1]), headers, body, text };
}

/** RFC 9112 §7.1: each chunk is its size in hexadecimal, a line break, so many bytes, a line break; the last one is empty. */
function dechunk(text: string): string {
  const [size = '', rest = ''] = splitOnce(text, '\r\n');
  const length = Number.parseInt(size, 16);
  return length > 0 ? rest.slice(0, length) + dechunk(rest.slice(length + 2)) : '';
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
