#!/usr/bin/env bash
# Behind two proxies Express and Koa take the first `X-Forwarded-Host`, Fastify the last; of `X-Forwarded-For` all take the
# first.
#
# Expected: a framework that is told to trust its proxies takes all of the forwarded headers from the same proxy, and
#   frameworks agree about which.
# Seen (express 5.3.0, koa 3.3.0, fastify 5.12.8, each told to trust all proxies): with two values in each header, Express and
#   Koa say host and protocol of the first, which stands for what the client asked for. Fastify says those of the last, which
#   the nearest proxy has added, but the address of the first. None of them reads `Forwarded` (RFC 7239).
# Why it matters to a receiver of ID tokens: where the audience is the URL of the request itself, the same request behind the
#   same proxies has another audience on another framework.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund express@5.3.0 koa@3.3.0 fastify@5.12.8 || exit 2

cat >program.mjs <<'JS'
import { once } from 'node:events';
import { createServer, get } from 'node:http';
import { text } from 'node:stream/consumers';
import express from 'express';
import { fastify } from 'fastify';
import Koa from 'koa';

const tell = ({ host, protocol, ip }) => `${protocol}://${host}, client ${ip}`;

const expressApp = express().set('trust proxy', true).get('/', (request, response) => response.send(tell(request)));
const koaApp = new Koa({ proxy: true }).use((ctx) => { ctx.body = tell(ctx); });
const fastifyApp = fastify({ trustProxy: true });
fastifyApp.get('/', async (request) => tell(request));
await fastifyApp.ready();

const servers = { Express: createServer(expressApp), Koa: createServer(koaApp.callback()), Fastify: fastifyApp.server };
const headers = {
  host: 'own.example',
  'x-forwarded-host': 'first.example, last.example',
  'x-forwarded-proto': 'https, http',
  'x-forwarded-for': '192.0.2.1, 192.0.2.2',
  forwarded: 'for=192.0.2.3;host=rfc.example;proto=https',
};
for (const [name, server] of Object.entries(servers)) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const [answer] = await once(get({ host: '127.0.0.1', port: server.address().port, headers }), 'response');
  console.log(`${name}: ${await text(answer)}`);
}
process.exit();
JS

node program.mjs | tee seen.txt
diff - seen.txt <<'TEXT' && echo 'As described.'
Express: https://first.example, client 192.0.2.1
Koa: https://first.example, client 192.0.2.1
Fastify: http://last.example, client 192.0.2.1
TEXT
