#!/usr/bin/env bash
# Koa 3: `ctx.origin` is what the client says in its `Origin` header, no longer the origin of the service.
#
# Expected: `ctx.origin` goes with `ctx.protocol` and `ctx.host`: where the request was sent to, as in Koa 2.
# Seen (koa 2.16.4 and 3.3.0): Koa 2 says `http://own.example`, whatever the client sends. Koa 3 says the value of the
#   request's `Origin` header, and null without one, under the same name.
# Why it matters to a receiver of ID tokens: a service that compares a token's audience with `ctx.origin + ctx.path` compares
#   it, after the update, with something that the caller writes. Take the origins from the configuration.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund koa-2@npm:koa@2.16.4 koa-3@npm:koa@3.3.0 || exit 2

cat >program.mjs <<'JS'
import { once } from 'node:events';
import { get } from 'node:http';
import { text } from 'node:stream/consumers';

for (const version of ['koa-2', 'koa-3']) {
  const { default: Koa } = await import(version);
  const server = new Koa().use((ctx) => { ctx.body = String(ctx.origin); }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  for (const origin of [undefined, 'https://caller.example']) {
    const headers = { host: 'own.example', ...(origin && { origin }) };
    const [answer] = await once(get({ host: '127.0.0.1', port: server.address().port, headers }), 'response');
    console.log(`${version}, Origin: ${origin ?? 'none'} -> ctx.origin ${await text(answer)}`);
  }
}
process.exit();
JS

node program.mjs | tee seen.txt
diff - seen.txt <<'TEXT' && echo 'As described.'
koa-2, Origin: none -> ctx.origin http://own.example
koa-2, Origin: https://caller.example -> ctx.origin http://own.example
koa-3, Origin: none -> ctx.origin null
koa-3, Origin: https://caller.example -> ctx.origin https://caller.example
TEXT
