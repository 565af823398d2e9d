/*
 * What a guard takes of a client, and what it does not.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exchange, openConnection, requestText } from '../adapters/support/raw-http.ts';
import { REFUSAL_TABLE } from '../adapters/support/refusal-table.ts';
import { type App, startApp } from './support/app.ts';
import { good, guardHere } from './support/world.ts';

describe.each(['asked', 'a proxy'])('a guard that is %s', (how) => {
  let app: App;
  let port: number;

  beforeAll(async () => {
    app = await startApp();
    port = (await guardHere(how === 'asked' ? {} : { upstream: app.url })).port;
  });
  afterAll(() => app.close());

  test('answers 431 to a head of more than 32 KiB', async () => {
    const answer = await exchange(port, requestText('GET /auth HTTP/1.1', [good, `X-Long: ${'a'.repeat(33_000)}`]));

    expect(answer.status).toBe(431);
    expect(app.received).toEqual([]);
  });

  test('takes a token of 16 KiB beside other headers', async () => {
    const answer = await exchange(
      port,
      requestText('GET /auth HTTP/1.1', [`Authorization: Bearer ${'a'.repeat(16_384)}`, `Cookie: ${'a'.repeat(8000)}`]),
    );

    expect(answer).toMatchObject({ status: 401, body: expect.stringContaining('"code":"token_malformed"') });
  });

  test.each([
    ['two lengths', 'Content-Length: 1\r\nContent-Length: 2'],
    ['a length and chunks', 'Content-Length: 1\r\nTransfer-Encoding: chunked'],
    ['a bare line feed in a value', 'X-A: a\nX-B: b'],
    ['no colon', 'X-A'],
  ])('answers 400 to %s', async (_, lines) => {
    expect(await exchange(port, requestText('POST /auth HTTP/1.1', [good, lines]))).toMatchObject({ status: 400 });
    expect(app.received).toEqual([]);
  });

  test('refuses before the body', async () => {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    socket.write('POST /auth HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\nthe beginning');
    const [answer] = (await once(socket, 'data')) as [Buffer];

    expect(String(answer)).toMatch(/^HTTP\/1\.1 401 /);
    expect(app.received).toEqual([]);
    socket.destroy();
  });

  test('refuses a client that waits to be told to send its body, without telling it', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.write('POST /auth HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n');
    const answer = await text(socket);

    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(answer).not.toContain('100 Continue');
  });
});

describe('a guard that is a proxy', () => {
  test('lets a refused client send its body, so that it sees the answer', async () => {
    const { port } = await guardHere({ upstream: 'http://127.0.0.1:1' });
    const connection = openConnection(port);
    const body = 'a'.repeat(3_000_000);
    for (let i = 0; i < 3; i++) {
      const request = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

      expect(await connection.exchange(request)).toMatchObject({ status: 401, body: REFUSAL_TABLE.token_missing.body });
    }
    connection.close();
  });
});

describe('a guard that is asked', () => {
  test('says yes before the body, reads none of it, and ends the connection', async () => {
    const { port } = await guardHere();
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    socket.write(`POST /auth HTTP/1.1\r\nHost: a\r\n${good}\r\nContent-Length: 100000000\r\n\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    const sent = await sendUntilCut(socket);

    expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer.toString()).toMatch(/\r\nconnection: close\r\n/i);
    expect(sent).toBeLessThan(50_000_000);
  });

  test('does not tell a client to send its body', async () => {
    const { port } = await guardHere();
    const socket = connect(port, '127.0.0.1');
    socket.write(`POST /auth HTTP/1.1\r\nHost: a\r\n${good}\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n`);
    const answer = await text(socket);

    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).not.toContain('100 Continue');
  });

  test('answers a request to upgrade as any other: the question is whether it may go on', async () => {
    const { port } = await guardHere();
    const upgrade = ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Key: x', 'Sec-WebSocket-Version: 13'];
    const request = (lines: readonly string[]) => `GET /auth HTTP/1.1\r\nHost: a\r\n${lines.join('\r\n')}\r\n\r\n`;

    expect(await firstLine(port, request([good, ...upgrade]))).toMatch(/^HTTP\/1\.1 200 /);
    expect(await firstLine(port, request(upgrade))).toMatch(/^HTTP\/1\.1 401 /);
  });
});

async function firstLine(port: number, request: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(request);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return answer.toString();
}

/** How many bytes the other side takes before it hangs up. */
async function sendUntilCut(socket: Socket): Promise<number> {
  const chunk = Buffer.alloc(64 * 1024);
  let sent = 0;
  while (!socket.destroyed && sent < 100_000_000) {
    sent += chunk.length;
    if (!socket.write(chunk)) {
      await Promise.race([once(socket, 'drain'), once(socket, 'close'), setTimeout(2000)]).catch(() => {});
    }
  }
  return sent;
}
