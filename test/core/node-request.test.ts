/*
 * Requests as frameworks, test kits and bridges have them, with two Authorization headers where they can be sent: the
 * second one is seen, or the request is not taken at all.
 */
import { once } from 'node:events';
import { createServer, get, IncomingMessage } from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { runInNewContext } from 'node:vm';
import express from 'express';
import { fastify } from 'fastify';
import Koa from 'koa';
import { describe, expect, test } from 'vitest';
import { readBearer } from '../../packages/core/src/bearer.ts';
import { type NodeRequest, nodeHeaders } from '../../packages/core/src/node-request.ts';
import { refusalOf } from './refusal-of.ts';

/** What a framework hands to its handlers. */
type Handled = (request: unknown) => void;

const FRAMEWORKS: readonly [name: string, start: (handled: Handled) => Promise<Listener>][] = [
  ['node:http', async (handled) => (req, res) => res.end(void handled(req))],
  [
    'express, its request',
    async (handled) => express().use((req, res) => res.end(void handled(req))) as unknown as Listener,
  ],
  [
    'Koa, its context',
    async (handled) =>
      new Koa()
        .use((ctx) => {
          handled(ctx);
          ctx.body = '';
        })
        .callback(),
  ],
  [
    'Koa, its request',
    async (handled) =>
      new Koa()
        .use((ctx) => {
          handled(ctx.request);
          ctx.body = '';
        })
        .callback(),
  ],
  [
    'Fastify, its request',
    async (handled) => {
      const app = fastify();
      app.get('/', async (request) => void handled(request));
      await app.ready();
      return (req, res) => void app.server.emit('request', req, res);
    },
  ],
];

type Listener = (req: IncomingMessage, res: import('node:http').ServerResponse) => void;

/** A request with these values of Authorization, as the framework has it. */
async function received(start: (handled: Handled) => Promise<Listener>, values: readonly string[]): Promise<unknown> {
  let request: unknown;
  const server = createServer(
    await start((handled) => {
      request = handled;
    }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const headers = ['Host', `127.0.0.1:${port}`, ...values.flatMap((value) => ['Authorization', value])];
  const [response] = await once(get({ port, host: '127.0.0.1', agent: false, headers: headers as never }), 'response');
  response.resume();
  await once(response, 'end');
  server.close();
  return request;
}

describe.each(FRAMEWORKS)('of %s', (_, start) => {
  test('the token is found', async () => {
    const headers = nodeHeaders((await received(start, ['Bearer abc'])) as NodeRequest);

    expect(readBearer(headers, 'authorization')).toBe('abc');
  });

  test('a second Authorization header is seen', async () => {
    const headers = nodeHeaders((await received(start, ['Bearer abc', 'Bearer def'])) as NodeRequest);

    expect((await refusalOf(() => readBearer(headers, 'authorization'))).code).toBe('request_invalid');
  });
});

describe('of a request that was not received', () => {
  const headers = { authorization: 'Bearer abc' };

  test('with app.inject() of Fastify, the token is found', async () => {
    let token: string | undefined;
    const app = fastify();
    app.get('/', async (request) => {
      token = readBearer(nodeHeaders(request), 'authorization');
    });

    await app.inject({ url: '/', headers });

    expect(token).toBe('abc');
  });

  test.each<[string, () => unknown]>([
    ['a plain object, as of a test', () => ({ headers })],
    ['an object without prototype', () => Object.assign(Object.create(null), { headers })],
    ['a plain object of another realm, as of a test environment', () => runInNewContext('({ headers })', { headers })],
    ['an emitter, as of node-mocks-http', () => Object.assign(new PassThrough(), { headers })],
    [
      'an IncomingMessage that a bridge fills in, as serverless-http does',
      () => Object.assign(new IncomingMessage(new Socket()), { headers }),
    ],
    ['hapi, in whose raw.req it is', () => new Wrapper({ headers: {}, raw: { req: { headers }, res: {} } })],
    ['something with a raw body', () => ({ headers, raw: Buffer.from('body') })],
    ['something with a req that is none', () => ({ headers, req: 'GET /' })],
  ])('as %s, the token is found', (_, make) => {
    expect(readBearer(nodeHeaders(make() as NodeRequest), 'authorization')).toBe('abc');
  });

  test('the request within is the one that counts, not what a framework has made of its headers', async () => {
    const rawHeaders = ['Authorization', 'Bearer abc', 'Authorization', 'Bearer def'];
    for (const wrapped of [
      { headers, raw: { rawHeaders } },
      { headers, req: { rawHeaders } },
      { headers, raw: { req: { rawHeaders } } },
    ]) {
      const refusal = await refusalOf(() => readBearer(nodeHeaders(wrapped as NodeRequest), 'authorization'));
      expect(refusal.code).toBe('request_invalid');
    }
  });

  test.each<[string, unknown]>([
    [
      'of a framework that nobody knows, whose headers may be only the first of each name',
      new (class {
        headers = headers;
      })(),
    ],
    ['of the Web', new Request('https://api.example.com', { headers })],
    ['without headers', {}],
    ['whose headers are text', { headers: 'Authorization: Bearer abc' }],
    ['whose headers are null', { headers: null }],
    ['that is headers', headers],
    ['that is null', null],
    ['that is undefined', undefined],
    ['that is text', 'GET / HTTP/1.1'],
  ])('a TypeError says so, for one %s', (_, request) => {
    expect(() => nodeHeaders(request as NodeRequest)).toThrow(TypeError);
    expect(() => nodeHeaders(request as NodeRequest)).toThrow(
      /^nodeHeaders\(\) takes a request as a server of Node\.js/,
    );
  });
});

/** As a class of a framework. */
class Wrapper {
  constructor(members: object) {
    Object.assign(this, members);
  }
}
