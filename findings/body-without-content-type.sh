#!/usr/bin/env bash
# A JSON body without a `Content-Type`: 415 on Fastify, nothing on Express, an empty object on Koa, the event on Hono.
#
# Expected: a body whose type is not said is either refused everywhere or parsed everywhere.
# Seen (express 5.3.0, koa 3.3.0 with koa-bodyparser 4.4.1, fastify 5.12.8, hono 4.13.19, cloudevents 10.0.0): Fastify refuses
#   with 415. Express's `json()` leaves `request.body` undefined. koa-bodyparser makes it `{}`, which looks like an event
#   without members. Hono's `c.req.json()` does not look at the type. `HTTP.toEvent()` of the CloudEvents SDK takes the event,
#   and leaves its data a text. It is the same with `application/octet-stream`.
# Why it matters to a receiver of ID tokens: Eventarc sends no `Content-Type` unless its pipeline has a payload format, and
#   Cloud Scheduler sends `application/octet-stream` for a body without a type of its own. Name a parser for these.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund express@5.3.0 koa@3.3.0 koa-bodyparser@4.4.1 fastify@5.12.8 hono@4.13.19 @hono/node-server@2.1.9 \
  cloudevents@10.0.0 || exit 2

cat >program.mjs <<'JS'
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { getRequestListener } from '@hono/node-server';
import { HTTP } from 'cloudevents';
import express from 'express';
import { fastify } from 'fastify';
import { Hono } from 'hono';
import Koa from 'koa';
import bodyParser from 'koa-bodyparser';

const tell = (body) => `body: ${body === undefined ? 'undefined' : JSON.stringify(body)}`;

const expressApp = express().use(express.json()).post('/', (request, response) => response.send(tell(request.body)));
const koaApp = new Koa().use(bodyParser()).use((ctx) => { ctx.body = tell(ctx.request.body); });
const fastifyApp = fastify();
fastifyApp.post('/', async (request) => tell(request.body));
await fastifyApp.ready();
const honoApp = new Hono().post('/', async (c) => c.text(tell(await c.req.json())));
const cloudEvents = createServer(async (request, response) => {
  const event = HTTP.toEvent({ headers: request.headers, body: await text(request) });
  response.end(`data: ${typeof event.data}`);
});

const servers = {
  Express: createServer(expressApp),
  Koa: createServer(koaApp.callback()),
  Fastify: fastifyApp.server,
  Hono: createServer(getRequestListener(honoApp.fetch)),
  'CloudEvents SDK': cloudEvents,
};
const event = { 'ce-id': '1', 'ce-source': '//storage.example', 'ce-specversion': '1.0', 'ce-type': 'example.finalized' };
for (const [name, server] of Object.entries(servers)) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  for (const type of ['application/json', 'application/octet-stream', undefined]) {
    const headers = { ...event, ...(type && { 'content-type': type }), 'content-length': 9 };
    const sent = request({ host: '127.0.0.1', port: server.address().port, method: 'POST', headers }).end('{"id":12}');
    const [answer] = await once(sent, 'response');
    const body = await text(answer);
    console.log(`${name}, ${type ?? 'no type'}: ${answer.statusCode}${answer.statusCode === 200 ? `, ${body}` : ''}`);
  }
}
process.exit();
JS

node program.mjs | tee seen.txt
diff - seen.txt <<'TEXT' && echo 'As described.'
Express, application/json: 200, body: {"id":12}
Express, application/octet-stream: 200, body: undefined
Express, no type: 200, body: undefined
Koa, application/json: 200, body: {"id":12}
Koa, application/octet-stream: 200, body: {}
Koa, no type: 200, body: {}
Fastify, application/json: 200, body: {"id":12}
Fastify, application/octet-stream: 415
Fastify, no type: 415
Hono, application/json: 200, body: {"id":12}
Hono, application/octet-stream: 200, body: {"id":12}
Hono, no type: 200, body: {"id":12}
CloudEvents SDK, application/json: 200, data: object
CloudEvents SDK, application/octet-stream: 200, data: string
CloudEvents SDK, no type: 200, data: string
TEXT
