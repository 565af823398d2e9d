#!/usr/bin/env bash
# NestJS: a global guard is not asked about a path or a method that has no route.
#
# Expected: `app.useGlobalGuards()` guards the app as `app.use()` of Express does: who has no token gets 401, whatever the path.
# Seen (NestJS 12.5 on Express and on Fastify): where there is a route, the guard answers 401. Where there is none, and for
#   another method of a path that has one, `OPTIONS` too, the answer is 404, and the guard has not been asked. Express 5.3.0,
#   Koa 3.3.0, Hono 4.13.19 and Fastify 5.12.8 with a guard before everything answer 401 to all of them.
# Why it matters to a receiver of ID tokens: anybody learns which paths there are; scans do not show in the guard's events;
#   and a wrong push URL answers 404, not 401, which some senders take for final.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund --legacy-peer-deps @nestjs/core@12.5.1 @nestjs/common@12.5.1 @nestjs/platform-express@12.5.1 \
  @nestjs/platform-fastify@12.5.0 reflect-metadata@0.2.2 rxjs@7.8.2 express@5.3.0 koa@3.3.0 hono@4.13.19 @hono/node-server@2.1.9 fastify@5.12.8 || exit 2

cat >program.mjs <<'JS'
import 'reflect-metadata';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Controller, Get, Module, UnauthorizedException } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import express from 'express';
import { fastify } from 'fastify';
import { Hono } from 'hono';
import Koa from 'koa';

// A program without decorators, which Node.js does not run.
class Controllers { known() { return 'known'; } }
Get('/known')(Controllers.prototype, 'known', Object.getOwnPropertyDescriptor(Controllers.prototype, 'known'));
Controller()(Controllers);
class App {}
Module({ controllers: [Controllers] })(App);

async function nest(adapter) {
  const app = await NestFactory.create(App, adapter, { logger: false });
  app.useGlobalGuards({ canActivate: () => { throw new UnauthorizedException(); } });
  await app.listen(0, '127.0.0.1');
  return app.getHttpServer();
}

const fastifyApp = fastify();
fastifyApp.addHook('onRequest', (_request, reply, _done) => { reply.code(401).send(); });
fastifyApp.get('/known', async () => 'known');
await fastifyApp.ready();

const servers = {
  'NestJS on Express': await nest(new ExpressAdapter()),
  'NestJS on Fastify': await nest(new FastifyAdapter()),
  Express: createServer(express().use((_request, response) => response.sendStatus(401)).get('/known', (_request, response) => response.send('known'))),
  Koa: createServer(new Koa().use((ctx) => { ctx.status = 401; }).callback()),
  Hono: createServer(getRequestListener(new Hono().use((c) => c.body(null, 401)).get('/known', (c) => c.text('known')).fetch)),
  Fastify: fastifyApp.server,
};
for (const [name, server] of Object.entries(servers)) {
  if (!server.listening) server.listen(0, '127.0.0.1');
  if (!server.listening) await once(server, 'listening');
  const answers = [];
  for (const [method, path] of [['GET', '/known'], ['GET', '/unknown'], ['POST', '/known'], ['OPTIONS', '/known']]) {
    const { status } = await fetch(`http://127.0.0.1:${server.address().port}${path}`, { method });
    answers.push(`${method} ${path} ${status}`);
  }
  console.log(`${name}: ${answers.join(', ')}`);
}
process.exit();
JS

node program.mjs | tee seen.txt
diff - seen.txt <<'TEXT' && echo 'As described.'
NestJS on Express: GET /known 401, GET /unknown 404, POST /known 404, OPTIONS /known 404
NestJS on Fastify: GET /known 401, GET /unknown 404, POST /known 404, OPTIONS /known 404
Express: GET /known 401, GET /unknown 401, POST /known 401, OPTIONS /known 401
Koa: GET /known 401, GET /unknown 401, POST /known 401, OPTIONS /known 401
Hono: GET /known 401, GET /unknown 401, POST /known 401, OPTIONS /known 401
Fastify: GET /known 401, GET /unknown 401, POST /known 401, OPTIONS /known 401
TEXT
