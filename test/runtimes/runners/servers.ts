// Node.js, Deno and Bun: the adapters that need a server of Node.js, each before a handler on a server of its own, and
// once more without keys. Prints their ports. Every answer says how often the handlers have run.
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import process from 'node:process';
import { createGoogleIdTokenVerifier, createGoogleKeySet, type GoogleIdTokenVerifier } from '@id-token-guard/core';
import { requireGoogleIdToken as guardExpress } from '@id-token-guard/express';
import { requireGoogleIdToken as guardFastify } from '@id-token-guard/fastify';
import { requireGoogleIdToken as guardKoa } from '@id-token-guard/koa';
import { requireGoogleIdToken as guardNode } from '@id-token-guard/node';
import express from 'express';
import { fastify } from 'fastify';
import Koa from 'koa';
import { createVerifier } from '../conformance/hostile.ts';
import type { Outside } from '../conformance/outside.ts';

type Listen = (verifier: GoogleIdTokenVerifier) => Promise<number>;

let handled = 0;

/** The handlers rely on the guard and do not look at the token. */
function handle(): string {
  handled += 1;
  return 'handled';
}

const ADAPTERS: Readonly<Record<string, Listen>> = {
  express: (verifier) => {
    const app = express();
    app.use((_req, res, next) => {
      res.setHeader('x-handled', `${handled}`);
      next();
    });
    app.use(guardExpress(verifier), (_req, res) => void res.send(handle()));
    return listening(app);
  },
  koa: (verifier) => {
    const app = new Koa();
    app.use((ctx, next) => {
      ctx.set('x-handled', `${handled}`);
      return next();
    });
    app.use(guardKoa(verifier)).use((ctx) => {
      ctx.body = handle();
    });
    return listening(app.callback());
  },
  fastify: async (verifier) => {
    const app = fastify();
    app.addHook('onRequest', async (_request, reply) => void reply.header('x-handled', `${handled}`));
    app.register(guardFastify(verifier));
    app.all('/*', async () => handle());
    await app.listen({ port: 0, host: '127.0.0.1' });
    return portOf(app.server.address());
  },
  'node:http': (verifier) => {
    const guarded = guardNode(verifier)((_req, res) => void res.end(handle()));
    return listening((req, res) => {
      res.setHeader('x-handled', `${handled}`);
      guarded(req, res);
    });
  },
};

function listening(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(portOf(server.address()))));
}

function portOf(address: unknown): number {
  return (address as { readonly port: number }).port;
}

const { hostile }: Outside = JSON.parse(readFileSync(`${process.argv[2]}`, 'utf8'));

const ports: Record<string, { readonly port: number; readonly portWithoutKeys: number }> = {};
for (const [name, listen] of Object.entries(ADAPTERS)) {
  const keys = createGoogleKeySet({ fetch: () => Promise.reject(new Error('Google is down.')) });
  const { audience } = hostile;
  const withoutKeys = createGoogleIdTokenVerifier({
    audience,
    callers: () => true,
    keys,
    now: () => hostile.now * 1000,
  });
  ports[name] = { port: await listen(createVerifier(hostile)), portWithoutKeys: await listen(withoutKeys) };
}
console.log(JSON.stringify(ports));
