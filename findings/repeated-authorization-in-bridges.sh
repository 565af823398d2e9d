#!/usr/bin/env bash
# Of two `Authorization` headers a handler sees the first, the last, or both, depending on what stands in between.
#
# Expected: who bridges HTTP to a framework, or a server to another, passes a repeated header on as it is, or refuses it.
# Seen: `@hono/node-server` 2.1.9 and h3 2.0.8 join both with a comma, node:http (Node.js 24.21.0) keeps the first. http-proxy
#   1.18.1, httpxy 0.5.6 and @fastify/http-proxy 11.6.3 pass the first on and drop the second, so the app behind them cannot
#   know. With an event of API Gateway (REST), serverless-http 4.0.0 keeps the last and gives the app an empty
#   `rawHeaders`, @codegenie/serverless-express 5.0.0 joins both, and @fastify/aws-lambda 6.4.1 keeps the first.
# Why it matters to a receiver of ID tokens: RFC 6750 allows one credential. An app can refuse a second one only where both
#   reach it, and which of two tokens is verified differs from host to host.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund node@24.21.0 @hono/node-server@2.1.9 hono@4.13.19 h3@2.0.8 http-proxy@1.18.1 httpxy@0.5.6 fastify@5.12.8 \
  @fastify/http-proxy@11.6.3 @fastify/aws-lambda@6.4.1 serverless-http@4.0.0 @codegenie/serverless-express@5.0.0 express@5.3.0 || exit 2

cat >program.mjs <<'JS'
import { once } from 'node:events';
import { createServer, get } from 'node:http';
import { text } from 'node:stream/consumers';
import fastifyLambda from '@fastify/aws-lambda';
import fastifyProxy from '@fastify/http-proxy';
import { getRequestListener } from '@hono/node-server';
import codegenie from '@codegenie/serverless-express';
import express from 'express';
import { fastify } from 'fastify';
import { H3, toNodeHandler } from 'h3/node';
import httpProxy from 'http-proxy';
import { createProxyServer } from 'httpxy';
import serverlessHttp from 'serverless-http';

const authorization = ['Bearer one', 'Bearer two'];
const tell = (request) => {
  const raw = request.rawHeaders.filter((_, index, all) => index % 2 === 1 && all[index - 1].toLowerCase() === 'authorization');
  return `${request.headers.authorization} (rawHeaders: ${raw.join(' | ') || 'none'})`;
};

async function listen(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
}

async function ask(name, port) {
  const [answer] = await once(get({ host: '127.0.0.1', port, headers: { authorization } }), 'response');
  console.log(`${name}: ${await text(answer)}`);
}

const own = await listen(createServer((request, response) => response.end(tell(request))));
await ask('node:http', own);
await ask('@hono/node-server', await listen(createServer(getRequestListener((request) => new Response(request.headers.get('authorization'))))));
await ask('h3', await listen(createServer(toNodeHandler(new H3().get('/', (event) => event.req.headers.get('authorization'))))));

const target = `http://127.0.0.1:${own}`;
for (const [name, proxy] of [['http-proxy', httpProxy.createProxyServer({ target })], ['httpxy', createProxyServer({ target })]]) {
  await ask(`${name} -> node:http`, await listen(createServer((request, response) => void proxy.web(request, response))));
}
const proxyApp = fastify();
await proxyApp.register(fastifyProxy, { upstream: target });
await proxyApp.ready();
await ask('@fastify/http-proxy -> node:http', await listen(proxyApp.server));

const event = {
  httpMethod: 'GET', path: '/', resource: '/', body: null, isBase64Encoded: false, queryStringParameters: null, multiValueQueryStringParameters: null,
  headers: { Host: 'own.example', Authorization: authorization[1] },
  multiValueHeaders: { Host: ['own.example'], Authorization: authorization },
  requestContext: { httpMethod: 'GET', path: '/', stage: 'test', identity: {} },
};
const app = express().get('/', (request, response) => response.send(tell(request)));
const fastifyApp = fastify();
const fastifyHandler = fastifyLambda(fastifyApp);
fastifyApp.get('/', async (request) => tell(request.raw));
for (const [name, handler] of [['serverless-http', serverlessHttp(app)], ['@codegenie/serverless-express', codegenie({ app })], ['@fastify/aws-lambda', fastifyHandler]]) {
  console.log(`${name}: ${(await handler(event, {})).body}`);
}
process.exit();
JS

node_modules/.bin/node --no-deprecation program.mjs | tee seen.txt
diff - seen.txt <<'TEXT' && echo 'As described.'
node:http: Bearer one (rawHeaders: Bearer one | Bearer two)
@hono/node-server: Bearer one, Bearer two
h3: Bearer one, Bearer two
http-proxy -> node:http: Bearer one (rawHeaders: Bearer one)
httpxy -> node:http: Bearer one (rawHeaders: Bearer one)
@fastify/http-proxy -> node:http: Bearer one (rawHeaders: Bearer one)
serverless-http: Bearer two (rawHeaders: none)
@codegenie/serverless-express: Bearer one,Bearer two (rawHeaders: Bearer one,Bearer two)
@fastify/aws-lambda: Bearer one (rawHeaders: Bearer one | Bearer two)
TEXT
