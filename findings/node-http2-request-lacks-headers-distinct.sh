#!/usr/bin/env bash
# Node.js: a request of HTTP/2 has no `headersDistinct`, and no `host`.
#
# Expected: `http2` has a compatibility API: its request is used as that of `http` is, by the same middleware.
# Seen (Node.js 24.21.0): `request.headersDistinct`, which lists the values of a repeated header, is `undefined` there, and
#   `headers.authorization` is the first of two values, as with HTTP/1.1. Only `rawHeaders` still has both. The host is in
#   `headers[':authority']`; `headers.host` is undefined.
# Why it matters to a receiver of ID tokens: whoever looks for a second credential in `headersDistinct` finds none over
#   HTTP/2, or fails on `undefined`. `rawHeaders` has what came over both.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund node@24.21.0 || exit 2

cat >program.mjs <<'JS'
import { once } from 'node:events';
import * as http from 'node:http';
import * as http2 from 'node:http2';

async function listen(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
}

function tell(request, response) {
  const names = request.rawHeaders.filter((_, index) => index % 2 === 0);
  console.log([
    `HTTP/${request.httpVersion}`,
    `headers.authorization: ${request.headers.authorization}`,
    `headersDistinct: ${request.headersDistinct && JSON.stringify(request.headersDistinct.authorization)}`,
    `in rawHeaders: ${names.filter((name) => name.toLowerCase() === 'authorization').length}`,
    `headers.host: ${request.headers.host?.replace(/\d{4,}$/, 'PORT')}`,
  ].join('; '));
  response.end();
}

const authorization = ['Bearer one', 'Bearer two'];
const http1 = http.createServer(tell);
const [answer] = await once(http.get({ host: '127.0.0.1', port: await listen(http1), headers: { authorization } }), 'response');
answer.resume();
http1.close();

const server = http2.createServer(tell);
const session = http2.connect(`http://127.0.0.1:${await listen(server)}`, { strictSingleValueFields: false });
const stream = session.request({ ':path': '/', authorization }).resume();
await once(stream, 'close');
session.close();
server.close();
JS

node_modules/.bin/node program.mjs | tee seen.txt
diff - seen.txt <<'TEXT' && echo 'As described.'
HTTP/1.1; headers.authorization: Bearer one; headersDistinct: ["Bearer one","Bearer two"]; in rawHeaders: 2; headers.host: 127.0.0.1:PORT
HTTP/2.0; headers.authorization: Bearer one; headersDistinct: undefined; in rawHeaders: 2; headers.host: undefined
TEXT
