/*
 * Servers that take a middleware of Express, or of what came before it. All but Express 5 look at no promise of it.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import connect from 'connect';
import { Server as EngineIo65 } from 'engine.io-6.5';
import { Server as EngineIo66 } from 'engine.io-6.6';
import express from 'express';
import express4 from 'express-4';
import polka from 'polka';

export type Middleware = (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => unknown;

export interface Host {
  readonly name: string;
  /** Makes a server of these middlewares and a handler behind them, which answers 200 unless it throws. */
  createServer(middlewares: readonly Middleware[], handle: () => void): Server;
  /** The path that the handler is at. */
  readonly path: string;
}

export const HOSTS: readonly Host[] = [
  host('Express 5', (handlers) => mount(express(), handlers)),
  host('Express 4', (handlers) => mount(express4(), handlers)),
  host('connect', (handlers) => mount(connect(), handlers)),
  host('polka', (handlers) => mount(polka(), handlers).handler),
  engineIo('engine.io 6.6', () => new EngineIo66()),
  engineIo('engine.io 6.5', () => new EngineIo65()),
];

type Listener = (req: IncomingMessage, res: ServerResponse) => unknown;

function host(name: string, listenerOf: (handlers: readonly Middleware[]) => Listener): Host {
  return {
    name,
    path: '/orders',
    createServer(middlewares, handle) {
      const handler: Middleware = (_req, res) => {
        handle();
        res.end('done');
      };
      return createServer(listenerOf([...middlewares, handler]));
    },
  };
}

/** Their types differ in what more there is of request and response. */
function mount<App extends { use(handler: never): unknown }>(app: App, handlers: readonly Middleware[]): App {
  for (const handler of handlers) {
    app.use(handler as never);
  }
  return app;
}

interface EngineIo {
  use(handler: never): unknown;
  on(event: 'connection', listener: () => void): unknown;
  attach(server: never): unknown;
}

/** Its handler is whatever gets a session. */
function engineIo(name: string, create: () => EngineIo): Host {
  return {
    name,
    path: '/engine.io/?EIO=4&transport=polling',
    createServer(middlewares, handle) {
      const engine = mount(create(), middlewares);
      engine.on('connection', handle);
      const server = createServer();
      engine.attach(server as never);
      return server;
    },
  };
}
