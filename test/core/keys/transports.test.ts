/*
 * The two ways that keys come by, over real sockets: what one takes, refuses and asks for, the other does as well.
 */

import { once } from 'node:events';
import { createServer as createHttpServer, get, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { createGoogleKeySet, type GoogleKeySetOptions, type KeySet } from '@id-token-guard/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type BadAnswer, badAnswers, padded } from './bad-answers.ts';
import {
  type Answer,
  drip,
  hang,
  keys as keysAnswer,
  large,
  redirectTo,
  reset,
  resetWithin,
  send,
  startJwksServer,
} from './jwks-server.ts';
import { goodKeys, google } from './scene.ts';
import { unhandledRejections } from './unhandled-rejections.ts';

type Transport = Pick<GoogleKeySetOptions, 'fetch'>;

const TRANSPORTS: Readonly<Record<string, Transport>> = {
  'node:https': {},
  fetch: { fetch: globalThis.fetch },
};

const document = JSON.stringify(google.jwks);
const kids = google.jwks.keys.map(({ kid }) => kid);

async function startServer(answer: Answer) {
  const server = await startJwksServer(answer);
  onTestFinished(() => server.close());
  return server;
}

async function keySetOver(transport: Transport, answer: Answer, timeoutSeconds = 5): Promise<KeySet> {
  const { url } = await startServer(answer);
  return createGoogleKeySet({ url, timeoutSeconds, ...transport });
}

/** What a server says that speaks no more of HTTP than it is told. */
async function keySetOverSocket(transport: Transport, speak: (socket: Socket) => void): Promise<KeySet> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => speak(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/certs`;
  return createGoogleKeySet({ url, timeoutSeconds: 0.3, ...transport });
}

const HINTS = 'HTTP/1.1 103 Early Hints\r\nlink: </style.css>; rel=preload\r\n\r\n';
const OK = `HTTP/1.1 200 OK\r\ncontent-length: ${document.length}\r\n`;

describe.each(Object.entries(TRANSPORTS))('over %s', (name, transport) => {
  test('keys come, with their lifetime', async () => {
    const keys = await keySetOver(
      transport,
      keysAnswer(() => google.jwks, { 'cache-control': 'max-age=7200' }),
    );

    await keys.preload();

    expect(keys.status()).toMatchObject({ state: 'fresh', keyIds: kids });
    expect(keys.snapshot()?.freshForSeconds).toBe(7200);
  });

  test('a request is a plain GET, which asks caches to stay out of it', async () => {
    const requests: IncomingMessage[] = [];
    const { url } = await startServer((response, request) => {
      requests.push(request);
      goodKeys(response, request);
    });
    await createGoogleKeySet({ url, ...transport }).preload();
    await createGoogleKeySet({ url, ...transport }).preload();

    for (const { method, url: path, headers } of requests) {
      expect({ method, path }).toEqual({ method: 'GET', path: '/oauth2/v3/certs' });
      expect(headers).toMatchObject({
        accept: 'application/json',
        'cache-control': expect.stringMatching(/^no-cache, request=[-0-9a-f]{36}$/),
      });
      for (const header of ['authorization', 'cookie', 'content-length', 'transfer-encoding', 'origin', 'referer']) {
        expect(headers).not.toHaveProperty(header);
      }
      // Which of the two it is: fetch says so.
      expect('sec-fetch-mode' in headers).toBe(name === 'fetch');
      expect(headers.connection).toBe(name === 'fetch' ? 'keep-alive' : 'close');
      expect(headers['accept-encoding']).toBe(name === 'fetch' ? 'gzip, deflate' : 'identity');
    }
    expect(new Set(requests.map(({ headers }) => headers['cache-control'])).size).toBe(2);
  });

  test.each<{ coding: string; body: Uint8Array }>([
    { coding: 'gzip', body: gzipSync(document) },
    { coding: 'x-gzip', body: gzipSync(document) },
    { coding: 'GZIP', body: gzipSync(document) },
    { coding: 'deflate', body: deflateSync(document) },
    { coding: 'br', body: brotliCompressSync(document) },
    { coding: 'identity', body: Buffer.from(document) },
  ])('keys come also where the answer is compressed with $coding', async ({ coding, body }) => {
    const keys = await keySetOver(transport, send(200, body, { 'content-encoding': coding }));

    await keys.preload();

    expect(keys.status()).toMatchObject({ state: 'fresh', keyIds: kids });
  });

  test.each<{ coding: string; body: Uint8Array }>([
    { coding: 'gzip', body: gzipSync(document.padEnd(64 * 1024 + 1)) },
    { coding: 'deflate', body: deflateSync(document.padEnd(10_000_000)) },
    { coding: 'br', body: brotliCompressSync(document.padEnd(10_000_000)) },
  ])('the size counts after decompression with $coding', async ({ coding, body }) => {
    const keys = await keySetOver(transport, send(200, body, { 'content-encoding': coding }));

    await expect(keys.preload()).rejects.toMatchObject({ cause: { message: expect.stringContaining('than 64 KiB') } });
  });

  test.each([
    ['gzip', gzipSync(document)] as const,
    ['deflate', deflateSync(document)] as const,
    ['br', brotliCompressSync(document)] as const,
  ])('what only claims to be %s, or breaks off, is a failed refresh', async (coding, whole) => {
    for (const body of [document, whole.subarray(0, 100)]) {
      const keys = await keySetOver(transport, send(200, body, { 'content-encoding': coding }));

      await expect(keys.preload()).rejects.toMatchObject({ code: 'keys_unavailable', cause: expect.any(Error) });
    }
  });

  test.each(['compress', 'gzip, gzip', 'gzip, br', '__proto__', 'constructor', ''])(
    'a content coding of %j brings the keys as they are, or none',
    async (coding) => {
      const keys = await keySetOver(transport, send(200, document, { 'content-encoding': coding }));

      const result = await keys.preload().catch(({ code }) => code);

      expect([undefined, 'keys_unavailable']).toContain(result);
    },
  );

  test.each<BadAnswer>(badAnswers)('no keys come from $title', async ({ answer, says, endless }) => {
    const keys = await keySetOver(transport, answer, endless ? 0.2 : 5);

    await expect(keys.preload()).rejects.toMatchObject({
      code: 'keys_unavailable',
      status: 503,
      cause: { message: expect.stringMatching(says) },
    });

    expect(keys.status()).toMatchObject({ state: 'empty', lastError: { message: expect.stringMatching(says) } });
  });

  test('an answer that breaks off says so, and why', async () => {
    const keys = await keySetOver(transport, resetWithin(document));

    await expect(keys.preload()).rejects.toMatchObject({
      cause: { message: 'The answer of the key URL broke off', cause: expect.any(Error) },
    });
  });

  test('another status is told, however its body is compressed', async () => {
    const keys = await keySetOver(transport, send(503, document, { 'content-encoding': 'compress' }));

    await expect(keys.preload()).rejects.toMatchObject({ hint: expect.stringContaining('status 503') });
  });

  test('64 KiB are read, and not one byte more', async () => {
    await (await keySetOver(transport, padded(64 * 1024))).preload();
    const keys = await keySetOver(transport, padded(64 * 1024 + 1));

    await expect(keys.preload()).rejects.toMatchObject({ cause: { message: expect.stringContaining('than 64 KiB') } });
  });

  test.each([301, 302, 303, 307, 308])('nobody goes where a redirect leads: %i', async (status) => {
    const other = await startServer(goodKeys);
    const keys = await keySetOver(transport, redirectTo(other.url, status));

    await expect(keys.preload()).rejects.toMatchObject({ hint: expect.stringContaining(`status ${status}`) });

    expect(other.requests).toBe(0);
  });

  test.each<{ title: string; speak: (socket: Socket) => void }>([
    { title: 'says nothing', speak: () => {} },
    { title: 'stops within the status line', speak: (socket) => void socket.write('HTTP/1.1 2') },
    { title: 'stops within the headers', speak: (socket) => void socket.write(`${OK}cache-con`) },
    { title: 'stops before the body', speak: (socket) => void socket.write(`${OK}\r\n`) },
    { title: 'stops within the body', speak: (socket) => void socket.write(`${OK}\r\n${document.slice(0, 99)}`) },
    { title: 'sends nothing but hints', speak: (socket) => void socket.write(HINTS) },
  ])('one time limit holds for a server that $title', async ({ speak }) => {
    const keys = await keySetOverSocket(transport, speak);

    await expect(keys.preload()).rejects.toMatchObject({
      code: 'keys_unavailable',
      cause: { message: 'The key URL did not answer in time.' },
    });
  });

  test('early hints are passed over', async () => {
    const keys = await keySetOverSocket(transport, (socket) => void socket.end(`${HINTS}${OK}\r\n${document}`));

    await keys.preload();

    expect(keys.status()).toMatchObject({ state: 'fresh', keyIds: kids });
  });

  test.each<{ title: string; answer: string }>([
    { title: 'another protocol', answer: 'SSH-2.0-OpenSSH_9.2\r\n' },
    { title: 'HTTP/0.9', answer: document },
    { title: 'an upgrade', answer: `HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\n\r\n${document}` },
    { title: 'headers of a megabyte', answer: `${OK}x: ${'x'.repeat(1_000_000)}\r\n\r\n${document}` },
    { title: 'two lengths', answer: `${OK}content-length: 3\r\n\r\n${document}` },
    { title: 'a length and chunks', answer: `${OK}transfer-encoding: chunked\r\n\r\n${document}` },
    { title: 'a body that is too short', answer: `HTTP/1.1 200 OK\r\ncontent-length: 99999\r\n\r\n${document}` },
    { title: 'a broken chunk', answer: `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n${document}\r\n` },
    { title: 'nothing', answer: '' },
  ])('no keys come from $title', async ({ answer }) => {
    const keys = await keySetOverSocket(transport, (socket) => void socket.end(answer));

    await expect(keys.preload()).rejects.toMatchObject({ code: 'keys_unavailable', cause: expect.any(Error) });

    expect(keys.status()).toMatchObject({ state: 'empty' });
    expect(await unhandledRejections()).toEqual([]);
  });

  test.each<{ title: string; answer: Answer; timeoutSeconds: number }>([
    { title: 'the time is up', answer: hang, timeoutSeconds: 0.1 },
    { title: 'the time is up within the body', answer: drip(document), timeoutSeconds: 0.1 },
    { title: 'the status is another', answer: largeWithStatus(503), timeoutSeconds: 60 },
    { title: 'it is too much', answer: large(document, 100), timeoutSeconds: 60 },
    { title: 'the coding is unknown', answer: largeWithCoding('zip'), timeoutSeconds: 60 },
  ])('the connection is let go of when $title', async ({ answer, timeoutSeconds }) => {
    let closed: Promise<unknown> | undefined;
    const { url } = await startServer((response, request) => {
      closed = once(response, 'close');
      answer(response, request);
    });

    await expect(createGoogleKeySet({ url, timeoutSeconds, ...transport }).preload()).rejects.toThrow();

    await (closed ?? expect.fail('Nobody has asked.'));
  });
});

describe('over node:https', () => {
  test.each<{ title: string; second: Answer; connections: number; says?: string }>([
    { title: 'that is gone costs nothing', second: reset, connections: 2 },
    {
      title: 'that breaks off within the answer is no such one',
      second: resetWithin(document),
      connections: 1,
      says: 'The answer of the key URL broke off',
    },
    {
      title: 'that says something else is no such one',
      second: (response) => void response.socket?.end('What?\r\n\r\n'),
      connections: 1,
      says: 'The key URL could not be reached',
    },
  ])('a connection that the process has kept $title', async ({ second, connections, says }) => {
    const seen = new Set<Socket>();
    const server = createHttpServer((request, response) => {
      (seen.has(request.socket) ? second : goodKeys)(response, request);
      seen.add(request.socket);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close().closeAllConnections());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/certs`;
    const [response] = (await once(get(url), 'response')) as [IncomingMessage];
    await response.resume().toArray();
    await sleep(10);

    const result = await createGoogleKeySet({ url })
      .preload()
      .catch(({ cause }) => cause.message);

    expect(result).toBe(says);
    expect(seen.size).toBe(connections);
  });

  test('a refused connection is told with its code', async () => {
    const { url, close } = await startJwksServer(goodKeys);
    await close();

    await expect(createGoogleKeySet({ url }).preload()).rejects.toMatchObject({
      hint: expect.stringContaining(`${url}: The key URL could not be reached: connect ECONNREFUSED 127.0.0.1:`),
      cause: { message: 'The key URL could not be reached', cause: { code: 'ECONNREFUSED' } },
    });
  });

  test('a content coding that nobody has asked for is told', async () => {
    const keys = await keySetOver({}, send(200, document, { 'content-encoding': 'compress' }));

    await expect(keys.preload()).rejects.toMatchObject({ hint: expect.stringContaining('has a content coding that') });
  });
});

function largeWithStatus(status: number): Answer {
  return (response) => void response.writeHead(status).write('x'.repeat(1_000_000));
}

function largeWithCoding(coding: string): Answer {
  return (response) => void response.writeHead(200, { 'content-encoding': coding }).write('x'.repeat(1_000_000));
}
