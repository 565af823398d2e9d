#!/usr/bin/env bash
# unstorage: an entry with a `ttl` never expires with most drivers, and nothing says so.
#
# Expected: `setItem(key, value, { ttl: 1 })` makes the entry expire after a second, or throws where the driver cannot.
# Seen (unstorage 1.17.6): the drivers memory, fs and lru-cache take the option and ignore it: the entry is there after it
#   should have gone, and `getMeta()` knows of no end. Only drivers whose server has an expiry of its own pass it on.
# Why it matters to a receiver of ID tokens: keys that are shared through it are not dropped by themselves. Whoever reads them
#   must look at a date inside the entry, or a key that Google has withdrawn stays.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund unstorage@1.17.6 || exit 2

cat >program.mjs <<'JS'
import { setTimeout as sleep } from 'node:timers/promises';
import { createStorage } from 'unstorage';
import fs from 'unstorage/drivers/fs';
import lruCache from 'unstorage/drivers/lru-cache';
import memory from 'unstorage/drivers/memory';

const storages = Object.entries({ memory: memory(), fs: fs({ base: './entries' }), 'lru-cache': lruCache({ max: 10 }) }).map(([name, driver]) => [name, createStorage({ driver })]);
for (const [, storage] of storages) await storage.setItem('keys', 'text', { ttl: 1 });
await sleep(2000);
for (const [name, storage] of storages) console.log(`${name}, after 2 s: ${await storage.getItem('keys')}, ttl in getMeta(): ${(await storage.getMeta('keys')).ttl}`);
JS

node program.mjs | tee seen.txt
diff - seen.txt <<'TEXT' && echo 'As described.'
memory, after 2 s: text, ttl in getMeta(): undefined
fs, after 2 s: text, ttl in getMeta(): undefined
lru-cache, after 2 s: text, ttl in getMeta(): undefined
TEXT
