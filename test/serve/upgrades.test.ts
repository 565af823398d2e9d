/*
 * WebSockets through the guard as a proxy: the guard decides, the app shakes hands.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { REFUSAL_TABLE } from '../adapters/support/refusal-table.ts';
import { AUDIENCE } from './support/guard.ts';
import { good, guardHere } from './support/world.ts';

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const ACCEPT = createHash('sha1').update(`${KEY}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
const WEBSOCKET = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  `Sec-WebSocket-Key: ${KEY}`,
  'Sec-WebSocket-Version: 13',
];

let app: Server;
let upstream: string;
let port: number;
let upgrades: IncomingMessage[] = [];
let sockets: Duplex[] = [];

beforeAll(async () => {
  app = createServer((_, res) => res.writeHead(426, { 'x-app': 'here' }).end('no'));
  app.on('upgrade', (req, socket, head) => {
    upgrades.push(req);
    if (req.url === '/refused') {
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nX-App: here\r\n\r\nno');
      return;
    }
    sockets.push(socket);
    socket.on('error', () => {});
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${ACCEPT}\r\n\r\nhello `,
    );
    socket.write(head);
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
  upstream = `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
  ({ port } = await guardHere({ upstream }));
});
afterAll(() => {
  app.close();
  app.closeAllConnections();
});
beforeEach(() => {
  upgrades = [];
  sockets = [];
});

test('a good one reaches the app with who calls, and then both talk', async () => {
  const socket = send(
    '/chat?a=b',
    [good, ...WEBSOCKET, 'X-Google-Caller-Kind: forged', 'Sec-WebSocket-Protocol: chat'],
    'early',
  );
  const head = await read(socket, /hello early$/);

  expect(head).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/);
  expect(head).toContain(`\r\nSec-WebSocket-Accept: ${ACCEPT}\r\n`);
  expect(head.match(/^(connection|upgrade): .*$/gim)?.toSorted()).toEqual([
    'Connection: Upgrade',
    'Upgrade: websocket',
  ]);
  expect(upgrades[0]).toMatchObject({ method: 'GET', url: '/chat?a=b' });
  expect(upgrades[0]?.headers).toMatchObject({
    'sec-websocket-key': KEY,
    'sec-websocket-protocol': 'chat',
    'x-google-caller-kind': 'service_account',
    'x-google-audience': AUDIENCE,
  });
  socket.write('ping');
  expect(await read(socket, /ping$/)).toBe('ping');
  socket.end();
  expect(await text(socket)).toBe('');
});

describe('a refused one', () => {
  test.each([
    ['without a token', [], 'token_missing'],
    ['with two tokens', [good, good], 'request_invalid'],
    ['with a bad token', ['Authorization: Bearer x'], 'token_malformed'],
  ] as const)('%s gets the refusal, and nothing reaches the app', async (_, lines, code) => {
    const answer = await text(send('/chat', [...lines, ...WEBSOCKET]));
    const { status, challenge, body } = REFUSAL_TABLE[code];

    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain(`\r\nwww-authenticate: ${challenge}\r\n`);
    expect(answer).toContain(`\r\ncontent-length: ${body.length}\r\n`);
    expect(answer.endsWith(`\r\n\r\n${body}`)).toBe(true);
    expect(upgrades).toEqual([]);
  });
});

test('a no of the app reaches the client', async () => {
  const answer = await text(send('/refused', [good, ...WEBSOCKET]));

  expect(answer).toMatch(/^HTTP\/1\.1 403 Forbidden\r\nContent-Length: 2\r\nX-App: here\r\n/);
  expect(answer.endsWith('\r\n\r\nno')).toBe(true);
});

test('another protocol than WebSocket is not passed on', async () => {
  const answer = await text(
    send('/chat', [good, 'Connection: Upgrade, close', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQ']),
  );

  // Node.js 22.21, 24.9 and newer can go on as if it were not asked for; older ones can only refuse.
  expect(answer).toMatch(/^HTTP\/1\.1 (426 Upgrade Required\r\nx-app: here|400 Bad Request)\r\n/i);
  expect(upgrades).toEqual([]);
});

test('an app that is gone is 502', async () => {
  const guard = await guardHere({ upstream: 'http://127.0.0.1:1' });
  const answer = await text(send('/chat', [good, ...WEBSOCKET], '', guard.port));

  expect(answer).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\n/);
});

describe('when one side breaks off,', () => {
  test('the app hears of it', async () => {
    const socket = send('/chat', [good, ...WEBSOCKET]);
    await read(socket, /hello $/);
    socket.resetAndDestroy();

    await expect.poll(() => sockets[0]?.destroyed).toBe(true);
  });

  test('the client hears of it', async () => {
    const socket = send('/chat', [good, ...WEBSOCKET]).on('error', () => {});
    await read(socket, /hello $/);
    sockets[0]?.destroy();

    await expect.poll(() => socket.destroyed).toBe(true);
  });
});

function send(path: string, lines: readonly string[], more = '', to = port): Socket {
  const socket = connect(to, '127.0.0.1').setEncoding('latin1');
  socket.write([`GET ${path} HTTP/1.1`, 'Host: a', ...lines, '', more].join('\r\n'));
  return socket;
}

async function read(socket: Socket, until: RegExp): Promise<string> {
  let received = '';
  while (!until.test(received)) {
    const [chunk] = (await once(socket, 'data')) as [string];
    received += chunk;
  }
  return received;
}
