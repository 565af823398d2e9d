#!/usr/bin/env bash
# Hono: whether a header that was set early replaces that of the final response depends on a middleware that has nothing to
# do with it.
#
# Expected: `c.header()` before `next()` gives a default. The response that a handler returns says otherwise, and wins.
# Seen (hono 4.13.19): so it is in an app without more. With `cors()` in front of it, which touches `c.res`, the early header
#   wins: the handler's `cache-control: no-store` becomes `public, max-age=60`. And with `new Response()` the early header of
#   another name is lost without `cors()`, and kept with it.
# Why it matters to a receiver of ID tokens: a refusal carries `Cache-Control: no-store` and `WWW-Authenticate`; an app that
#   sets a default for one of them loses that of the refusal as soon as somebody adds CORS. A guard must replace `c.res` in
#   two steps (`c.res = undefined`, then the response).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund hono@4.13.19 || exit 2

cat >program.mjs <<'JS'
import { Hono } from 'hono';
import { cors } from 'hono/cors';

const handlers = {
  'new Response()': () => new Response('{}', { status: 401, headers: { 'cache-control': 'no-store' } }),
  'c.body()': (c) => c.body('{}', 401, { 'cache-control': 'no-store' }),
};
for (const [name, handler] of Object.entries(handlers)) {
  for (const withCors of [false, true]) {
    const app = new Hono();
    if (withCors) app.use(cors());
    app.use(async (c, next) => {
      c.header('cache-control', 'public, max-age=60');
      c.header('x-early', 'yes');
      await next();
    });
    app.get('/', handler);
    const { headers } = await app.request('/');
    console.log(`${name} ${withCors ? 'with' : 'without'} cors(): ${headers.get('cache-control')}; x-early: ${headers.get('x-early')}`);
  }
}
JS

node program.mjs | tee seen.txt
diff - seen.txt <<'TEXT' && echo 'As described.'
new Response() without cors(): no-store; x-early: null
new Response() with cors(): public, max-age=60; x-early: yes
c.body() without cors(): no-store; x-early: yes
c.body() with cors(): public, max-age=60; x-early: yes
TEXT
