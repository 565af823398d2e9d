#!/usr/bin/env bash
# nginx: of all that an `auth_request` service can answer, only 401 reaches the client as it was meant.
#
# Expected: the client gets status, challenge and `Retry-After` of the service that refuses the request.
# Seen (nginx 1.22.1 of Debian 12): 401 keeps its `WWW-Authenticate`. 403 loses it. 400, 429 and 503 become 500, without
#   `Retry-After`. The body is nginx's own page each time. nginx documents that other codes than 401 and 403 are an error; it
#   does not say that the challenge of a 403 is lost.
# Why it matters to a receiver of ID tokens: a sender takes 503 for "try again", and 500 or 400 for something else; RFC 6750
#   puts `insufficient_scope` into the challenge of a 403. Both need `error_page` and `auth_request_set` in the configuration.
# Needs the Debian package nginx (nginx-light will do).
set -euo pipefail
nginx -v 2>&1 | grep -qx 'nginx version: nginx/1.22.1' || { echo 'This was seen with nginx 1.22.1.' >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat >program.mjs <<'JS'
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

async function listen(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
}

const headers = { 'www-authenticate': 'Bearer realm="own"', 'retry-after': '7', 'content-type': 'application/json' };
const check = await listen(createServer((request, response) => response.writeHead(Number(request.headers['x-status']), headers).end('{"own":true}')));
const app = await listen(createServer((_request, response) => response.end('the app')));
const free = createServer();
const port = await listen(free);
await new Promise((resolve) => free.close(resolve));

mkdirSync('temp');
const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path temp/${name};`).join(' ');
writeFileSync('nginx.conf', `
daemon off; pid nginx.pid; error_log error.log; events {}
http { access_log off; ${temporary}
  server { listen 127.0.0.1:${port};
    location / { auth_request /check; proxy_pass http://127.0.0.1:${app}; }
    location = /check { internal; proxy_pass http://127.0.0.1:${check}; proxy_pass_request_body off; proxy_set_header Content-Length ""; } } }`);
const nginx = spawn('nginx', ['-p', process.cwd(), '-e', 'error.log', '-c', 'nginx.conf'], { stdio: 'inherit' });
await sleep(1000);
for (const status of [204, 400, 401, 403, 429, 503]) {
  const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { 'x-status': String(status) } });
  const body = await answer.text();
  const whose = body === 'the app' ? 'of the app' : body.includes('own') ? 'of the service' : 'of nginx';
  console.log(`${status} -> ${answer.status}; challenge: ${answer.headers.get('www-authenticate')}; Retry-After: ${answer.headers.get('retry-after')}; body ${whose}`);
}
nginx.kill();
await once(nginx, 'exit');
process.exit();
JS

node program.mjs | tee seen.txt
diff - seen.txt <<'TEXT' && echo 'As described.'
204 -> 200; challenge: null; Retry-After: null; body of the app
400 -> 500; challenge: null; Retry-After: null; body of nginx
401 -> 401; challenge: Bearer realm="own"; Retry-After: null; body of nginx
403 -> 403; challenge: null; Retry-After: null; body of nginx
429 -> 500; challenge: null; Retry-After: null; body of nginx
503 -> 500; challenge: null; Retry-After: null; body of nginx
TEXT
