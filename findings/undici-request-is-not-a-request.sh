#!/usr/bin/env bash
# A `Request` of the undici package is no `Request` to Node.js, whose `fetch` is undici.
#
# Expected: Node.js's `fetch` comes from undici, so both take each other's `Request` objects.
# Seen (undici 8.13.1, Node.js 26.10.0, which has undici 8 inside): `fetch(request)` and `new Request(request)` take one of the
#   other kind for a URL, and fail with "Failed to parse URL from [object Request]". Headers, bodies and Responses of the
#   other kind can be read.
# Why it matters to a receiver of ID tokens: bridges and test tools make Requests of their own. Code that copies one, as
#   `new Request(request, …)`, fails there; code that only reads `headers` works.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund undici@8.13.1 node@26.10.0 || exit 2

cat >program.mjs <<'JS'
import * as undici from 'undici';

const init = { headers: { authorization: 'Bearer any' } };
const url = 'http://127.0.0.1/';
const tries = {
  'version of undici inside': () => process.versions.undici.split('.')[0],
  'new Request(undici Request)': () => new Request(new undici.Request(url, init)).headers.get('authorization'),
  'new undici.Request(Request)': () => new undici.Request(new Request(url, init)).headers.get('authorization'),
  'fetch(undici Request)': () => fetch(new undici.Request(url, init)),
  'new Request(url, { headers: undici Headers })': () => new Request(url, { headers: new undici.Headers(init.headers) }).headers.get('authorization'),
  'new Response(body of an undici Response)': () => new Response(new undici.Response('body').body).text(),
};
for (const [name, action] of Object.entries(tries)) {
  console.log(`${name}: ${await Promise.try(action).catch((error) => error.message)}`);
}
JS

node_modules/.bin/node program.mjs | tee seen.txt
diff - seen.txt <<'TEXT' && echo 'As described.'
version of undici inside: 8
new Request(undici Request): Failed to parse URL from [object Request]
new undici.Request(Request): Failed to parse URL from [object Request]
fetch(undici Request): Failed to parse URL from [object Request]
new Request(url, { headers: undici Headers }): Bearer any
new Response(body of an undici Response): body
TEXT
