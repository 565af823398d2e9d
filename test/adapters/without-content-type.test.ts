/*
 * Bodies as Google sends them where nobody has said of which type they are: the handlers of the guides, "Bodies without a
 * content type". What the frameworks do by themselves is different.
 */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { serviceAccount } from '@id-token-guard/core';
import { requireGoogleIdToken as forExpress } from '@id-token-guard/express';
import { requireGoogleIdToken as forFastify } from '@id-token-guard/fastify';
import { requireGoogleIdToken as forFetch } from '@id-token-guard/fetch';
import { requireGoogleIdToken as forHono } from '@id-token-guard/hono';
import { requireGoogleIdToken as forKoa } from '@id-token-guard/koa';
import { createFakeGoogle, type SenderRequest } from '@id-token-guard/testing';
import express from 'express';
import Fastify from 'fastify';
import { Hono } from 'hono';
import Koa from 'koa';
import { describe, expect, onTestFinished, test } from 'vitest';

const google = await createFakeGoogle();
const url = 'https://api.example.com/orders';
const options = {
  audience: url,
  callers: serviceAccount('sender@my-project.iam.gserviceaccount.com'),
  keys: google.keySet(),
};

const BODY = { article: 42 };
const SENT: Readonly<Record<string, () => Promise<SenderRequest>>> = {
  'Cloud Scheduler, as application/octet-stream': () => google.from.cloudScheduler({ url, body: JSON.stringify(BODY) }),
  'Cloud Tasks, without a type': () => google.from.cloudTasks({ url, body: JSON.stringify(BODY) }),
  'Eventarc, without a type': () => google.from.eventarc({ url, body: JSON.stringify(BODY) }),
  'a sender that says application/json': () =>
    google.from.eventarc({ url, body: JSON.stringify(BODY), contentType: 'application/json' }),
};

/** Each answers with the body that it has read. */
const APPS: Readonly<Record<string, () => Promise<RequestListener> | RequestListener>> = {
  Express: () =>
    express().post('/orders', forExpress(options), express.json({ type: () => true }), (req, res) => {
      res.json(req.body);
    }),
  async Fastify() {
    const app = Fastify();
    app.register(forFastify(options));
    app.addContentTypeParser('*', { parseAs: 'string' }, app.getDefaultJsonParser('error', 'error'));
    app.post('/orders', async (request) => request.body);
    await app.ready();
    return app.routing;
  },
  Koa: () =>
    new Koa()
      .use(forKoa(options))
      .use(async (ctx) => {
        ctx.body = await json(ctx.req);
      })
      .callback(),
};

describe.each(Object.entries(APPS))('on %s, the handler of the guide reads what is sent by', (_, makeApp) => {
  test.each(Object.entries(SENT))('%s', async (__, send) => {
    expect(await answerOf(await makeApp(), await send())).toEqual({ status: 200, body: BODY });
  });
});

describe.each(Object.entries(SENT))('%s', (_, send) => {
  test('is read on Hono, whose c.req.json() does not look at the type', async () => {
    const app = new Hono().use(forHono(options)).post('/orders', async (c) => c.json(await c.req.json()));

    const response = await app.request(url, await send());

    expect([response.status, await response.json()]).toEqual([200, BODY]);
  });

  test('is read with fetch, where request.json() does not look at the type', async () => {
    const handle = forFetch(options)(async (request) => Response.json(await request.json()));

    const response = await handle(new Request(url, await send()));

    expect([response.status, await response.json()]).toEqual([200, BODY]);
  });
});

describe('by themselves,', () => {
  test('Express leaves the body undefined', async () => {
    const app = express().post('/orders', forExpress(options), express.json(), (req, res) => {
      res.json({ body: typeof req.body });
    });

    expect(await answerOf(app, await google.from.eventarc({ url }))).toEqual({
      status: 200,
      body: { body: 'undefined' },
    });
  });

  test('Fastify answers 415', async () => {
    const app = Fastify();
    app.register(forFastify(options));
    app.post('/orders', async (request) => request.body);
    await app.ready();

    expect(await answerOf(app.routing, await google.from.eventarc({ url }))).toMatchObject({ status: 415 });
  });
});

/** Over the wire, and with no other headers than those that the sender sends: `fetch` would add a content type. */
async function answerOf(app: RequestListener, sent: SenderRequest): Promise<{ status: number; body: unknown }> {
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/orders`, {
    method: sent.method,
    headers: sent.headers,
    // Bytes have no type, unlike text.
    body: new TextEncoder().encode(sent.body),
  });
  return { status: response.status, body: await response.json() };
}
