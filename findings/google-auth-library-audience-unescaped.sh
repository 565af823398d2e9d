#!/usr/bin/env bash
# google-auth-library for Node.js: the token is for another audience than the one that was asked for.
#
# Expected: `targetAudience` becomes the `aud` of the token, whatever characters it has.
# Seen (google-auth-library 11.3.4, on a virtual machine, here with a metadata server on loopback that reads its query as any
#   server does): the client puts the audience into the query of the metadata server as it is. It is cut at `&`, `+` becomes
#   a space, `#` and what follows is lost, and `%41` is decoded.
# Why it matters to a receiver of ID tokens: where the audience is the URL of the service with its query, each token is
#   refused, and sender and receiver both show the same configured audience. Choose audiences without these characters.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund google-auth-library@11.3.4 || exit 2

cat >program.mjs <<'JS'
import { once } from 'node:events';
import { createServer } from 'node:http';

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const metadataServer = createServer((request, response) => {
  const aud = new URL(request.url, 'http://metadata').searchParams.get('audience');
  const token = [part({ alg: 'RS256' }), part({ aud, exp: Math.floor(Date.now() / 1000) + 3600 }), 'c2lnbmF0dXJl'].join('.');
  response.setHeader('metadata-flavor', 'Google').end(token);
}).listen(0, '127.0.0.1');
await once(metadataServer, 'listening');
process.env.GCE_METADATA_HOST = `127.0.0.1:${metadataServer.address().port}`;
process.env.METADATA_SERVER_DETECTION = 'assume-present';

const { Compute, IdTokenClient } = await import('google-auth-library');
for (const path of ['plain?a=1', 'two?a=1&b=2', 'a+b', 'a#b', '%41']) {
  const client = new IdTokenClient({ targetAudience: `https://a.example/${path}`, idTokenProvider: new Compute() });
  const token = (await client.getRequestHeaders()).get('authorization');
  const { aud } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
  console.log(`https://a.example/${path} -> ${aud}`);
}
process.exit();
JS

node program.mjs | tee seen.txt
diff - seen.txt <<'TEXT' && echo 'As described.'
https://a.example/plain?a=1 -> https://a.example/plain?a=1
https://a.example/two?a=1&b=2 -> https://a.example/two?a=1
https://a.example/a+b -> https://a.example/a b
https://a.example/a#b -> https://a.example/a
https://a.example/%41 -> https://a.example/A
TEXT
