#!/usr/bin/env bash
# undici's MockAgent catches the global `fetch` of Node.js only; elsewhere the test goes to the network and says nothing.
#
# Expected: after `setGlobalDispatcher(new MockAgent())` and `disableNetConnect()` every `fetch` is answered by the mock or
#   fails.
# Seen (undici 8.13.1): so it is in Node.js 24.21.0, though that has undici 7 inside. In Deno 2.9.6 the mock
#   answers undici's own `fetch`, while the global one goes to the real server, in spite of `disableNetConnect()`. In Bun 1.4.5
#   `import 'undici'` gives a part of Bun in place of the installed package, whose MockAgent has no method `get`.
# Why it matters to a receiver of ID tokens: a test suite that mocks Google's key URL this way, run on Deno, asks the real one,
#   and may even pass.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund undici@8.13.1 node@24.21.0 deno@2.9.6 bun@1.4.5 || exit 2

cat >program.mjs <<'JS'
import { once } from 'node:events';
import { createServer } from 'node:http';
import { fetch as undiciFetch, MockAgent, setGlobalDispatcher } from 'undici';

const runtime = globalThis.Deno ? 'Deno' : globalThis.Bun ? 'Bun' : 'Node.js';
const server = createServer((_request, response) => response.end('the real server')).listen(0, '127.0.0.1');
await once(server, 'listening');
const origin = `http://127.0.0.1:${server.address().port}`;

const agent = new MockAgent();
setGlobalDispatcher(agent);
if (typeof agent.get !== 'function') {
  console.log(`${runtime}: MockAgent.get is ${agent.get}`);
  process.exit();
}
agent.disableNetConnect();
agent.get(origin).intercept({ path: '/keys' }).reply(200, 'the mock').persist();
for (const [name, ask] of [['global fetch', fetch], ["undici's fetch", undiciFetch]]) {
  for (const path of ['/keys', '/other']) {
    const outcome = await ask(origin + path).then((response) => response.text(), (error) => error.message);
    console.log(`${runtime}, ${name} of ${path}: ${outcome}`);
  }
}
process.exit();
JS

{
  node_modules/.bin/node program.mjs
  node_modules/.bin/deno run --allow-all program.mjs
  node_modules/.bin/bun program.mjs
} | tee seen.txt
diff - seen.txt <<'TEXT' && echo 'As described.'
Node.js, global fetch of /keys: the mock
Node.js, global fetch of /other: fetch failed
Node.js, undici's fetch of /keys: the mock
Node.js, undici's fetch of /other: fetch failed
Deno, global fetch of /keys: the real server
Deno, global fetch of /other: the real server
Deno, undici's fetch of /keys: the mock
Deno, undici's fetch of /other: fetch failed
Bun: MockAgent.get is undefined
TEXT
