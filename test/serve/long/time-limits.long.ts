/*
 * What only time shows.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { startApp } from '../support/app.ts';
import { good, guardHere, startGuardHere } from '../support/world.ts';

describe.concurrent('within ten seconds', () => {
  test.each(['asked', 'a proxy'])('a guard that is %s cuts off a client that does not send its head', async (how) => {
    const app = await startApp();
    const { port } = await guardHere(how === 'asked' ? {} : { upstream: app.url });
    const socket = connect(port, '127.0.0.1');
    socket.write('GET /auth HTTP/1.1\r\nHost: a\r\n');
    // A line that comes after the answer meets a reset, which is no less of an end.
    const drip = setInterval(() => socket.write('X-A: a\r\n'), 500);
    let received = '';
    socket
      .on('error', () => {})
      .on('data', (chunk) => {
        received += chunk;
        clearInterval(drip);
      });
    const begin = performance.now();

    await once(socket, 'close');
    clearInterval(drip);
    expect(received).toMatch(/^HTTP\/1\.1 408 /);
    expect(performance.now() - begin).toBeGreaterThan(9000);
    expect(app.received).toEqual([]);
    app.close();
  });

  test('a refused client that does not send the rest of its body is cut off', async () => {
    const { port } = await guardHere({ upstream: 'http://127.0.0.1:1' });
    const socket = connect(port, '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\nthe beginning');
    const begin = performance.now();

    expect(await text(socket)).toMatch(/^HTTP\/1\.1 401 /);
    expect(performance.now() - begin).toBeGreaterThan(4000);
  });

  test('a guard that closes has cut what was still open: a WebSocket, an answer that does not end', async () => {
    const app = createServer((_, res) => void res.write('never ends'));
    app.on('upgrade', (_, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
      socket.on('error', () => {}).pipe(socket);
    });
    await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
    const guard = await startGuardHere({ upstream: `http://127.0.0.1:${(app.address() as AddressInfo).port}` });
    const open = async (lines: string) => {
      const socket = connect(guard.port, '127.0.0.1').on('error', () => {});
      socket.write(`GET / HTTP/1.1\r\nHost: a\r\n${good}\r\n${lines}\r\n`);
      await once(socket, 'data');
      return socket;
    };
    const webSocket = await open('Connection: Upgrade\r\nUpgrade: websocket\r\n');
    const endless = await open('');
    const begin = performance.now();
    const closed = guard.close();
    webSocket.write('ping');

    expect(String(await once(webSocket, 'data'))).toBe('ping');
    await closed;
    expect(performance.now() - begin).toBeGreaterThan(9000);
    await Promise.all([webSocket, endless].map((socket) => socket.destroyed || once(socket, 'close')));
    app.close();
    app.closeAllConnections();
  });
});
