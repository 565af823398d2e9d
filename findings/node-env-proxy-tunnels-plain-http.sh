#!/usr/bin/env bash
# Node.js 24 with NODE_USE_ENV_PROXY: `fetch` of an http:// URL asks the proxy for a tunnel, `http.get` for the page.
#
# Expected: a proxy from `HTTP_PROXY` is asked for an http:// URL the way HTTP/1.1 says, with the whole URL in the request
#   line, whichever of the two one uses.
# Seen: in Node.js 24.21.0 `fetch` sends `CONNECT host:80`, which many proxies forbid for other ports than 443; `http.get`
#   sends `GET http://host/…`. Node.js 26.10.0 sends GET from both, as Deno 2.9.6 and Bun 1.4.5 do. For https:// all of them
#   send CONNECT.
# Why it matters to a receiver of ID tokens: behind a company proxy a key server, or a metadata server, with an http:// URL can
#   be reached by one half of a program and not by the other. `fetch failed` hides the proxy's 403 two causes deep.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund node-24@npm:node@24.21.0 node-26@npm:node@26.10.0 deno@2.9.6 bun@1.4.5 || exit 2

cat >asks.mjs <<'JS'
import { get } from 'node:http';

const [how, url] = process.argv.slice(2);
if (how === 'fetch') {
  await fetch(url).catch(() => {});
} else {
  await new Promise((resolve) => get(url, resolve).on('error', resolve));
}
process.exit();
JS
cat >program.mjs <<'JS'
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

// A proxy that notes what it is asked for, and forbids it: nothing leaves this machine.
const lines = [];
const proxy = createServer((socket) => {
  socket.on('error', () => {}).once('data', (bytes) => {
    lines.push(String(bytes).split('\r\n')[0]);
    socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  });
}).listen(0, '127.0.0.1');
await once(proxy, 'listening');
const url = `http://127.0.0.1:${proxy.address().port}`;
const env = { PATH: process.env.PATH, HOME: process.env.HOME, NODE_USE_ENV_PROXY: '1', HTTP_PROXY: url, http_proxy: url };

const runtimes = {
  'Node.js 24': ['node_modules/node-24/bin/node', '--no-warnings'],
  'Node.js 26': ['node_modules/node-26/bin/node', '--no-warnings'],
  Deno: ['node_modules/.bin/deno', 'run', '--allow-all'],
  Bun: ['node_modules/.bin/bun'],
};
for (const [name, [command, ...args]] of Object.entries(runtimes)) {
  for (const how of ['fetch', 'http.get']) {
    const child = spawn(command, [...args, 'asks.mjs', how, 'http://keys.example/certs'], { env, stdio: 'inherit' });
    await once(child, 'exit');
    console.log(`${name}, ${how}: ${lines.splice(0).join('; ')}`);
  }
}
proxy.close();
JS

node program.mjs | tee seen.txt
diff - seen.txt <<'TEXT' && echo 'As described.'
Node.js 24, fetch: CONNECT keys.example:80 HTTP/1.1
Node.js 24, http.get: GET http://keys.example/certs HTTP/1.1
Node.js 26, fetch: GET http://keys.example/certs HTTP/1.1
Node.js 26, http.get: GET http://keys.example/certs HTTP/1.1
Deno, fetch: GET http://keys.example/certs HTTP/1.1
Deno, http.get: GET http://keys.example/certs HTTP/1.1
Bun, fetch: GET http://keys.example/certs HTTP/1.1
Bun, http.get: GET http://keys.example/certs HTTP/1.1
TEXT
