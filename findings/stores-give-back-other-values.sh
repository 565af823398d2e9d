#!/usr/bin/env bash
# @upstash/redis and unstorage give back something else than the text that was put in.
#
# Expected: what is put as text comes back as the same text.
# Seen (@upstash/redis 1.39.0, unstorage 1.17.6): text that looks like JSON comes back parsed. An object is easily noticed.
#   With unstorage numbers are lost, too: "1e3" becomes 1000 and "1.0" becomes 1, so that the text cannot be had again;
#   @upstash/redis turns only those into numbers whose text stays the same. The text "null" reads like a missing entry.
#   Both have another way: `automaticDeserialization: false`, and `getItemRaw()`.
# Why it matters to a receiver of ID tokens: keys of Google that are shared through such a store as JSON text come back as an
#   object, and a store that expects text never finds any, so each isolate fetches them anew.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund @upstash/redis@1.39.0 unstorage@1.17.6 || exit 2

cat >program.mjs <<'JS'
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Redis } from '@upstash/redis';
import { createStorage } from 'unstorage';

// The REST API of Upstash, as far as GET and SET need it: it keeps text, and gives it back.
const entries = new Map();
const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const [command, key, value] = JSON.parse(Buffer.concat(chunks));
  const result = command.toLowerCase() === 'set' ? (entries.set(key, value), 'OK') : Buffer.from(entries.get(key)).toString('base64');
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ result }));
}).listen(0, '127.0.0.1');
await once(server, 'listening');

const redis = new Redis({ url: `http://127.0.0.1:${server.address().port}`, token: 'any', enableAutoPipelining: false, enableTelemetry: false });
const storage = createStorage();
for (const text of ['{"keys":[]}', '12', '1.0', '1e3', 'true', 'null', 'plain']) {
  await redis.set('key', text);
  await storage.setItem('key', text);
  const tell = (value) => `${typeof value} ${JSON.stringify(value)}`;
  console.log(`${text}: Upstash keeps ${tell(entries.get('key'))}, gives ${tell(await redis.get('key'))}; unstorage gives ${tell(await storage.getItem('key'))}`);
}
process.exit();
JS

node program.mjs | tee seen.txt
diff - seen.txt <<'TEXT' && echo 'As described.'
{"keys":[]}: Upstash keeps string "{\"keys\":[]}", gives object {"keys":[]}; unstorage gives object {"keys":[]}
12: Upstash keeps string "12", gives number 12; unstorage gives number 12
1.0: Upstash keeps string "1.0", gives string "1.0"; unstorage gives number 1
1e3: Upstash keeps string "1e3", gives string "1e3"; unstorage gives number 1000
true: Upstash keeps string "true", gives boolean true; unstorage gives boolean true
null: Upstash keeps string "null", gives object null; unstorage gives object null
plain: Upstash keeps string "plain", gives string "plain"; unstorage gives string "plain"
TEXT
