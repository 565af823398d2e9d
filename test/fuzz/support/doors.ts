/*
 * The guards of all adapters, each before a handler that only counts, on servers that are made for one request.
 */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { GuardArguments } from '@id-token-guard/core';
import { requireGoogleIdToken as guardExpress } from '@id-token-guard/express';
import { requireGoogleIdToken as guardFastify } from '@id-token-guard/fastify';
import { type GuardedHandler, requireGoogleIdToken as guardFetch } from '@id-token-guard/fetch';
import { requireGoogleIdToken as guardHono } from '@id-token-guard/hono';
import { requireGoogleIdToken as guardKoa } from '@id-token-guard/koa';
import express from 'express';
import express4 from 'express-4';
import { fastify } from 'fastify';
import { Hono } from 'hono';
import Koa from 'koa';

/** What became of a request. */
interface Passage {
  /** `undefined`: no answer came. */
  readonly status: number | undefined;
  /** How often the handler ran. */
  readonly handled: number;
  /** What came to the error handling of the framework. */
  readonly failures: readonly unknown[];
}

/** Sends a request with these headers through a guard with these arguments. */
export type Door = (args: readonly unknown[], headers: Readonly<Record<string, string>>) => Promise<Passage>;

/** Makes a guard; what it is depends on the framework. */
type Require<Guard> = (...args: GuardArguments<never>) => Guard;

export const DOORS = ['express 5', 'express 4', 'koa', 'hono', 'fastify', 'fetch'] as const;
export type Doors = Readonly<Record<(typeof DOORS)[number], Door>>;

export const doors: Doors = {
  'express 5': expressDoor(express, guardExpress),
  'express 4': expressDoor(express4 as unknown as typeof express, guardExpress),
  koa: koaDoor(guardKoa),
  hono: honoDoor(guardHono),
  fastify: fastifyDoor(guardFastify),
  fetch: fetchDoor(guardFetch),
};

interface Handling {
  handle(): void;
  fail(error: unknown): void;
}

/** Counts, and puts an end to what would take for ever. */
function door(
  send: (args: GuardArguments<never>, headers: Record<string, string>, handling: Handling) => Promise<Response>,
): Door {
  return async (args, headers) => {
    let handled = 0;
    const failures: unknown[] = [];
    const handling: Handling = {
      handle() {
        handled += 1;
      },
      fail(error) {
        failures.push(error);
      },
    };
    const answer = await send(args as GuardArguments<never>, headers, handling).catch((error: unknown) => {
      failures.push(error);
      return undefined;
    });
    return { status: answer?.status, handled, failures };
  };
}

const TIME_LIMIT_MS = 1000;

async function overLoopback(server: Server, headers: Record<string, string>): Promise<Response> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const signal = AbortSignal.timeout(TIME_LIMIT_MS);
    return await fetch(`http://127.0.0.1:${port}/`, { headers: { ...headers, connection: 'close' }, signal });
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

export function expressDoor(create: typeof express, guard: Require<express.RequestHandler>): Door {
  return door((args, headers, { handle, fail }) => {
    const app = create();
    app.use(guard(...args));
    app.use((_req, res) => {
      handle();
      res.end();
    });
    const onError: express.ErrorRequestHandler = (error, _req, res, _next) => {
      fail(error);
      res.status(500).end();
    };
    app.use(onError);
    return overLoopback(createServer(app as RequestListener), headers);
  });
}

function koaDoor(guard: typeof guardKoa): Door {
  return door((args, headers, { handle, fail }) => {
    const app = new Koa();
    app.on('error', fail);
    app.use(guard(...args)).use((ctx) => {
      handle();
      ctx.status = 204;
    });
    return overLoopback(createServer(app.callback()), headers);
  });
}

function fastifyDoor(guard: typeof guardFastify): Door {
  return door(async (args, headers, { handle, fail }) => {
    const app = fastify();
    app.register(guard(...args));
    app.get('/', async () => handle());
    app.setErrorHandler((error, _request, reply) => {
      fail(error);
      reply.code(500).send();
    });
    await app.ready();
    return overLoopback(app.server, headers);
  });
}

function honoDoor(guard: Require<ReturnType<typeof guardHono>>): Door {
  return door(async (args, headers, { handle, fail }) => {
    const app = new Hono()
      .use(guard(...args))
      .get('/', (c) => {
        handle();
        return c.body(null, 204);
      })
      .onError((error, c) => {
        fail(error);
        return c.body(null, 500);
      });
    return responseIn(app.request('/', { headers }));
  });
}

/** Puts a guard before a fetch handler. */
export type Wrapping = <Rest extends unknown[]>(
  handler: GuardedHandler<Rest>,
) => (request: Request, ...rest: Rest) => Promise<Response>;

export function fetchDoor(guard: Require<Wrapping>): Door {
  return door((args, headers, { handle, fail }) => {
    const handler = guard(...args)(() => {
      handle();
      return new Response();
    });
    const answer = handler(new Request('https://api.example.com/', { headers })).catch((error: unknown) => {
      fail(error);
      return new Response(null, { status: 500 });
    });
    return responseIn(answer);
  });
}

/** A runtime answers 500 itself where a handler gives no response. */
async function responseIn(answer: Response | Promise<Response>): Promise<Response> {
  const response: unknown = await answer;
  if (!(response instanceof Response)) {
    throw new TypeError('The guard gave something that is no response.');
  }
  return response;
}
