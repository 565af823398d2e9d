#!/usr/bin/env bash
# google-auth-library for Node.js: requests that wait for a first ID token at the same time each fetch one of their own.
#
# Expected: a client that keeps its token until it expires asks for it once, and whoever comes meanwhile waits for that
#   answer, as the same library does for access tokens.
# Seen (google-auth-library 11.3.4): 50 calls of `IdTokenClient.getRequestHeaders()` at once make 50 requests to the metadata
#   server, and go out with 50 different tokens. `Compute.getRequestHeaders()`, for access tokens, makes one. The next call
#   makes none. The same happens at each renewal, once an hour.
# Why it matters to a receiver of ID tokens: "one sender, one token an hour" does not hold. A receiver that remembers verified
#   tokens sees a burst of new ones from one caller, each with a signature to verify.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund google-auth-library@11.3.4 || exit 2

cat >program.mjs <<'JS'
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
let fetches = 0;
const metadataServer = createServer(async (request, response) => {
  fetches += 1;
  const number = fetches;
  await sleep(100);
  response.setHeader('metadata-flavor', 'Google');
  if (request.url.includes('/identity')) {
    const claims = { aud: 'https://a.example', number, exp: Math.floor(Date.now() / 1000) + 3600 };
    response.end(`${part({ alg: 'RS256' })}.${part(claims)}.c2lnbmF0dXJl`);
  } else {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ access_token: `token ${number}`, expires_in: 3600 }));
  }
}).listen(0, '127.0.0.1');
await once(metadataServer, 'listening');
process.env.GCE_METADATA_HOST = `127.0.0.1:${metadataServer.address().port}`;
process.env.METADATA_SERVER_DETECTION = 'assume-present';

const { Compute, IdTokenClient } = await import('google-auth-library');
const clients = {
  'ID tokens': new IdTokenClient({ targetAudience: 'https://a.example', idTokenProvider: new Compute() }),
  'access tokens': new Compute(),
};
for (const [name, client] of Object.entries(clients)) {
  for (const calls of [50, 1]) {
    fetches = 0;
    const headers = await Promise.all(Array.from({ length: calls }, () => client.getRequestHeaders('https://a.example')));
    const different = new Set(headers.map((each) => each.get('authorization'))).size;
    console.log(`${name}: ${calls} at once, ${fetches} fetches, ${different} different tokens`);
  }
}
process.exit();
JS

node program.mjs | tee seen.txt
diff - seen.txt <<'TEXT' && echo 'As described.'
ID tokens: 50 at once, 50 fetches, 50 different tokens
ID tokens: 1 at once, 0 fetches, 1 different tokens
access tokens: 50 at once, 1 fetches, 1 different tokens
access tokens: 1 at once, 0 fetches, 1 different tokens
TEXT
