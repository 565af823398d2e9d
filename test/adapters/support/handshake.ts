import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { GoogleIdToken } from '@id-token-guard/core';
import { onTestFinished } from 'vitest';
import { type Answer, exchange } from './raw-http.ts';

/** The header lines of a WebSocket handshake, but for the token. */
const HANDSHAKE = [
  'Host: api.example.com',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];

/** The text of a handshake with these header lines. */
export function handshake(...headerLines: readonly string[]): string {
  return ['GET /feed HTTP/1.1', ...HANDSHAKE, ...headerLines, '', ''].join('\r\n');
}

/** A guarded upgrade: what the server does with the event. */
export type OnUpgrade = (req: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** A server on loopback that takes upgrades, and what its handler was given. */
export interface UpgradeService {
  readonly port: number;
  readonly opened: GoogleIdToken[];
  /** Connections that the server has and nobody has closed. */
  openConnections(): Promise<number>;
  /** Sends a handshake, and reads until the server hangs up. */
  try(...headerLines: readonly string[]): Promise<Answer>;
}

/** Starts it until the end of the test. */
export async function startUpgradeService(
  listen: (open: (socket: Duplex, googleIdToken: GoogleIdToken) => void) => OnUpgrade,
): Promise<UpgradeService> {
  const opened: GoogleIdToken[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((_req, res) => void res.end('not an upgrade'));
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on(
    'upgrade',
    listen((socket, googleIdToken) => {
      opened.push(googleIdToken);
      accept(socket);
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) {
      socket.destroy();
    }
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    opened,
    openConnections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      ),
    try: (...headerLines) => exchange(port, handshake(...headerLines)),
  };
}

/** RFC 6455 §4.2.2, and a message that closes the conversation. */
function accept(socket: Duplex): void {
  const key = createHash('sha1')
    .update('dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11')
    .digest('base64');
  socket.end(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\n\r\nopened`,
  );
}

/** A client that sends a part of a handshake and hangs up in one of the ways that there are. */
export async function hangUp(port: number, text: string, how: 'end' | 'destroy' | 'reset'): Promise<void> {
  await new Promise<void>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(text, () => {
        if (how === 'end') {
          socket.end();
        } else if (how === 'destroy') {
          socket.destroy();
        } else {
          socket.resetAndDestroy();
        }
      });
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve());
    socket.resume();
  });
}
