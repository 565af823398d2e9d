#!/usr/bin/env bash
# google-auth-library for Node.js asks the proxy of `HTTPS_PROXY` for a tunnel to the metadata server.
#
# Expected: the metadata server is on the machine itself, and has an http:// address. No proxy is asked for it, and
#   `HTTPS_PROXY` has nothing to say about it.
# Seen (google-auth-library 11.3.4, here with a metadata server on loopback): with `HTTPS_PROXY`, and with `HTTP_PROXY`, the
#   client sends `CONNECT` to the proxy, which cannot know that server. There is no token, and the message of the error is
#   "Could not fetch ID token: ", without a reason. With the server in `NO_PROXY` it works.
# Why it matters to a receiver of ID tokens: calls from a virtual machine stop, and nothing reaches the receiver, from the day
#   when somebody sets a company proxy there. `NO_PROXY=metadata.google.internal,169.254.169.254` belongs beside it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund google-auth-library@11.3.4 || exit 2

cat >asks.mjs <<'JS'
import { Compute, IdTokenClient } from 'google-auth-library';

const client = new IdTokenClient({ targetAudience: 'https://a.example', idTokenProvider: new Compute() });
console.log(await client.getRequestHeaders().then(() => 'a token', (error) => JSON.stringify(error.message)));
process.exit();
JS
cat >program.mjs <<'JS'
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import * as net from 'node:net';
import { text } from 'node:stream/consumers';

async function listen(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${server.address().port}`;
}

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const token = `${part({ alg: 'RS256' })}.${part({ aud: 'https://a.example', exp: 4_102_444_800 })}.c2lnbmF0dXJl`;
let direct = 0;
const metadataServer = await listen(createServer((_request, response) => {
  direct += 1;
  response.setHeader('metadata-flavor', 'Google').end(token);
}));

// A proxy that notes what it is asked for, and forbids it: nothing leaves this machine.
const asked = [];
const proxy = await listen(net.createServer((socket) => {
  socket.on('error', () => {}).once('data', (bytes) => {
    asked.push(String(bytes).split('\r\n')[0].replace(metadataServer, 'METADATA_SERVER'));
    socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  });
}));

const url = `http://${proxy}`;
const environments = { 'no proxy': {}, HTTPS_PROXY: { HTTPS_PROXY: url }, HTTP_PROXY: { HTTP_PROXY: url }, 'HTTPS_PROXY and NO_PROXY': { HTTPS_PROXY: url, NO_PROXY: '127.0.0.1' } };
for (const [name, variables] of Object.entries(environments)) {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, GCE_METADATA_HOST: metadataServer, METADATA_SERVER_DETECTION: 'assume-present', ...variables };
  direct = 0;
  const child = spawn(process.execPath, ['asks.mjs'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const outcome = (await text(child.stdout)).trim();
  console.log(`${name}: the proxy is asked for ${asked.splice(0).join('; ') || 'nothing'}, the metadata server ${direct} times; ${outcome}`);
}
process.exit();
JS

node program.mjs | tee seen.txt
diff - seen.txt <<'TEXT' && echo 'As described.'
no proxy: the proxy is asked for nothing, the metadata server 1 times; a token
HTTPS_PROXY: the proxy is asked for CONNECT METADATA_SERVER HTTP/1.1, the metadata server 0 times; "Could not fetch ID token: "
HTTP_PROXY: the proxy is asked for CONNECT METADATA_SERVER HTTP/1.1, the metadata server 0 times; "Could not fetch ID token: "
HTTPS_PROXY and NO_PROXY: the proxy is asked for nothing, the metadata server 1 times; a token
TEXT
