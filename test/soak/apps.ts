/*
 * The services under load, each with the guard before a handler that answers with the id of the request, and services
 * that are broken on purpose: the soak must find out.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { createGoogleKeySet, type GoogleIdTokenVerifierOptions } from '@id-token-guard/core';
import { requireGoogleIdToken as expressGuard } from '@id-token-guard/express';
import { requireGoogleIdToken as fastifyGuard } from '@id-token-guard/fastify';
import { requireGoogleIdToken as fetchGuard } from '@id-token-guard/fetch';
import { requireGoogleIdToken as honoGuard } from '@id-token-guard/hono';
import { requireGoogleIdToken as koaGuard } from '@id-token-guard/koa';
import { requireGoogleIdToken as nodeGuard } from '@id-token-guard/node';
import express from 'express';
import { fastify } from 'fastify';
import { Hono } from 'hono';
import Koa from 'koa';
import type { ServiceName } from './service-names.ts';

/** The handler: is told the path of the request, and returns the answer. */
type Handle = (path: string) => { readonly id: string };

/** What `createGoogleKeySet` needs beside the rest of the options, for services with a key set of their own making. */
type KeySetOptions = Parameters<typeof createGoogleKeySet>[0];

export type CreateServer = (
  options: GoogleIdTokenVerifierOptions,
  handle: Handle,
  keySetOptions: KeySetOptions,
) => Server | Promise<Server>;

export const APPS: Readonly<Record<ServiceName, CreateServer>> = {
  express: createExpress,
  koa: (options, handle) => {
    const app = new Koa();
    app.use(koaGuard(options)).use((ctx) => {
      ctx.body = handle(ctx.path);
    });
    return createServer(app.callback());
  },
  hono: (options, handle) => {
    const app = new Hono().use(honoGuard(options)).get('*', (c) => c.json(handle(c.req.path)));
    return createAdaptorServer({ fetch: app.fetch }) as Server;
  },
  fastify: async (options, handle) => {
    const app = fastify();
    app.register(fastifyGuard(options));
    app.get('/*', async (request) => handle(request.url));
    await app.ready();
    return app.server;
  },
  fetch: (options, handle) => {
    const fetch = fetchGuard(options)((request) => Response.json(handle(new URL(request.url).pathname)));
    return createAdaptorServer({ fetch: (request) => fetch(request) }) as Server;
  },
  node: (options, handle) =>
    createServer(
      nodeGuard(options)((req: IncomingMessage, res: ServerResponse) => {
        const text = JSON.stringify(handle(`${req.url}`));
        res.writeHead(200, { 'content-type': 'application/json' }).end(text);
      }),
    ),
  unguarded: (_options, handle) => createServer((req, res) => res.end(JSON.stringify(handle(`${req.url}`)))),
  impatient: (options, handle, keySetOptions) =>
    createExpress({ ...options, keys: createGoogleKeySet({ ...keySetOptions, maxStaleSeconds: 0 }) }, handle),
  leaking: (options, handle) => {
    const everything: number[][] = [];
    return createExpress(options, (path) => {
      everything.push(Array.from({ length: 30_000 }, Math.random));
      return handle(path);
    });
  },
};

function createExpress(options: GoogleIdTokenVerifierOptions, handle: Handle): Server {
  const app = express();
  app.use(expressGuard(options));
  app.get('/{*path}', (req, res) => res.json(handle(req.path)));
  return createServer(app);
}
