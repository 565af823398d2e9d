#!/usr/bin/env bash
# In workerd a promise that two requests share never settles once the client of the first one has reset its connection.
#
# Expected: a `fetch` that a Worker keeps in a global, so that all requests wait for the same one, ends for all of them.
# Seen (miniflare 4.20260730.0, the runtime of Cloudflare Workers): so it does, also when the first client closes its
#   connection the normal way (FIN). When it resets it (RST), the runtime cancels the first request, and with it the fetch:
#   the shared promise is neither resolved nor rejected, and the second request waits for ever. With `ctx.waitUntil(promise)`
#   in the first request the fetch goes on, and both are served.
# Why it matters to a receiver of ID tokens: "one fetch of the keys for everybody" is the obvious way to write a key set, and
#   on Workers one client that goes away stops all others. Share results, not promises, and give the fetch to `waitUntil`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund miniflare@4.20260730.0 || exit 2

cat >program.mjs <<'JS'
import { once } from 'node:events';
import { createServer, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Miniflare } from 'miniflare';

const keyServer = createServer((_request, response) => setTimeout(() => response.end('keys'), 1500)).listen(0, '127.0.0.1');
await once(keyServer, 'listening');

const worker = (keep) => `
  let shared;
  export default {
    async fetch(request, env, ctx) {
      if (shared === undefined) {
        shared = fetch('http://127.0.0.1:${keyServer.address().port}/').then((response) => response.text());
        ${keep ? 'ctx.waitUntil(shared);' : ''}
      }
      const late = new Promise((resolve) => setTimeout(resolve, 4000, 'nothing in 4 s'));
      return new Response(await Promise.race([shared, late]));
    },
  };`;

const leaving = { 'stays': () => {}, 'closes (FIN)': (socket) => socket.destroy(), 'resets (RST)': (socket) => socket.resetAndDestroy() };
for (const keep of [false, true]) {
  for (const [what, leave] of Object.entries(leaving)) {
    const miniflare = new Miniflare({ cf: false, modules: true, script: worker(keep), compatibilityDate: '2026-04-01' });
    const url = await miniflare.ready;
    const first = get(url, { agent: false }).on('error', () => {}).on('response', (response) => response.resume());
    await sleep(500);
    const second = fetch(url).then((response) => response.text());
    await sleep(200);
    leave(first.socket);
    console.log(`${keep ? 'with' : 'without'} waitUntil, the first client ${what}: the second one gets ${await second}`);
    await miniflare.dispose();
  }
}
process.exit();
JS

node program.mjs | tee seen.txt
diff - seen.txt <<'TEXT' && echo 'As described.'
without waitUntil, the first client stays: the second one gets keys
without waitUntil, the first client closes (FIN): the second one gets keys
without waitUntil, the first client resets (RST): the second one gets nothing in 4 s
with waitUntil, the first client stays: the second one gets keys
with waitUntil, the first client closes (FIN): the second one gets keys
with waitUntil, the first client resets (RST): the second one gets keys
TEXT
