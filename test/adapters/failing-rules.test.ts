/*
 * What a rule throws is a failure of the service, not a refusal: each framework makes its own answer of it. With an error
 * that says 503 in the way that the framework reads, that is 503 everywhere.
 */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { GoogleIdTokenVerifierOptions } from '@id-token-guard/core';
import { requireGoogleIdToken as guardExpress } from '@id-token-guard/express';
import { requireGoogleIdToken as guardFastify } from '@id-token-guard/fastify';
import { requireGoogleIdToken as guardFetch } from '@id-token-guard/fetch';
import { requireGoogleIdToken as guardHono } from '@id-token-guard/hono';
import { requireGoogleIdToken as guardKoa } from '@id-token-guard/koa';
import { requireGoogleIdToken as guardNode } from '@id-token-guard/node';
import express from 'express';
import express4 from 'express-4';
import { fastify } from 'fastify';
import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import Koa from 'koa';
import Koa2 from 'koa-2';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { CallersUnavailable } from '../../examples/refreshing-callers.ts';
import { guardOptions, idToken } from './support/fixtures.ts';

type CreateApp = (
  options: GoogleIdTokenVerifierOptions,
  handle: () => void,
) => RequestListener | Promise<RequestListener>;

const ofExpress =
  (create: typeof express): CreateApp =>
  (options, handle) =>
    create()
      .set('env', 'test') // It writes no errors.
      .use(guardExpress(options), (_req, res) => {
        handle();
        res.end();
      });

const ofKoa =
  (Framework: typeof Koa): CreateApp =>
  (options, handle) => {
    const app = new Framework();
    app.silent = true;
    app.use(guardKoa(options)).use((ctx) => {
      handle();
      ctx.body = '';
    });
    return app.callback();
  };

const APPS: Record<string, CreateApp> = {
  'Express 5': ofExpress(express),
  'Express 4': ofExpress(express4 as unknown as typeof express),
  'Koa 3': ofKoa(Koa),
  'Koa 2': ofKoa(Koa2 as unknown as typeof Koa),
  async Fastify(options, handle) {
    const app = fastify();
    app.register(guardFastify(options));
    app.get('/', async () => handle());
    await app.ready();
    return app.routing;
  },
  'Hono, with a line in onError()': (options, handle) => {
    const app = new Hono()
      .use(guardHono(options))
      .get('/', (c) => {
        handle();
        return c.body(null);
      })
      .onError((error, c) => {
        if (error instanceof CallersUnavailable) {
          return c.text(error.message, 503, error.headers);
        }
        throw error;
      });
    return getRequestListener(app.fetch);
  },
  'a fetch handler, with a catch': (options, handle) => {
    const guarded = guardFetch(options)(() => {
      handle();
      return new Response();
    });
    return getRequestListener((request) =>
      guarded(request).catch((error: Error) => {
        if (error instanceof CallersUnavailable) {
          return new Response(error.message, { status: error.status, headers: error.headers });
        }
        throw error;
      }),
    );
  },
  'node:http, with onFailed': (options, handle) =>
    guardNode(options)(
      (_req, res) => {
        handle();
        res.end();
      },
      (error, _req, res) => {
        const { status, headers } = error as CallersUnavailable;
        res.writeHead(status, { ...headers });
        res.end('');
      },
    ),
};

/** The status and the headers that matter, for a request of a good caller whose rule throws. */
async function answerOf(createApp: CreateApp, thrown: unknown) {
  const handle = vi.fn();
  const callers = () => {
    throw thrown;
  };
  const server = createServer(await createApp({ ...guardOptions(), callers }, handle));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const { status, headers } = await fetch(`http://127.0.0.1:${port}/`, {
    headers: { authorization: `Bearer ${await idToken()}` },
  });
  expect(handle).not.toHaveBeenCalled();
  return { status, retryAfter: headers.get('retry-after'), challenge: headers.get('www-authenticate') };
}

describe('a rule that cannot tell, since its source is down, makes the answer 503, not 403:', () => {
  test.each(Object.entries(APPS))('%s', async (_, createApp) => {
    expect(await answerOf(createApp, new CallersUnavailable(new Error('The database is down.')))).toEqual({
      status: 503,
      retryAfter: '10',
      challenge: null,
    });
  });

  test('Hono, where the rule throws an HTTPException', async () => {
    const createApp: CreateApp = (options, handle) =>
      getRequestListener(new Hono().use(guardHono(options)).get('/', handle as never).fetch);
    const res = new Response('Try again later.', { status: 503, headers: { 'retry-after': '10' } });

    expect(await answerOf(createApp, new HTTPException(503, { res }))).toEqual({
      status: 503,
      retryAfter: '10',
      challenge: null,
    });
  });
});
