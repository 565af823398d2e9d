#!/usr/bin/env bash
# lru-cache 11.5 cannot be bundled by webpack for a plain ECMAScript target.
#
# Expected: a cache in plain JavaScript can be bundled for every target that is new enough.
# Seen (lru-cache 11.5.3, webpack 5.113.0): with the targets `web` and `webworker` webpack takes the build for browsers, with
#   `node` that for Node.js. With `es2022`, which names no platform, it takes one that imports `node:diagnostics_channel`, and
#   the build fails ("is not handled by plugins"). lru-cache 11.2.2 bundles for all four.
# Why it matters to a receiver of ID tokens: a guard that depends on a new lru-cache cannot be built that way for an edge
#   platform. `resolve: { conditionNames: ['browser', 'import', 'module', 'default'] }` helps, and so does lru-cache 10.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund webpack@5.113.0 lru-cache-11.2@npm:lru-cache@11.2.2 lru-cache-11.5@npm:lru-cache@11.5.3 || exit 2

cat >program.mjs <<'JS'
import { writeFileSync } from 'node:fs';
import webpack from 'webpack';

for (const version of ['lru-cache-11.2', 'lru-cache-11.5']) {
  writeFileSync('entry.mjs', `import { LRUCache } from '${version}';\nexport const cache = new LRUCache({ max: 10 });\n`);
  for (const target of ['node', 'web', 'webworker', 'es2022']) {
    const configuration = {
      mode: 'production', entry: './entry.mjs', target, experiments: { outputModule: true },
      output: { path: process.cwd(), filename: 'bundle.mjs', module: true, chunkFormat: 'module' },
    };
    const { compilation } = await new Promise((resolve, reject) => webpack(configuration, (error, stats) => (error ? reject(error) : resolve(stats))));
    const faults = compilation.errors.map(({ message }) => /Reading from "[^"]+" is not handled by plugins/.exec(message)?.[0] ?? message);
    console.log(`${version}, ${target}: ${faults.join() || 'bundled'}`);
  }
}
JS

node program.mjs | tee seen.txt
diff - seen.txt <<'TEXT' && echo 'As described.'
lru-cache-11.2, node: bundled
lru-cache-11.2, web: bundled
lru-cache-11.2, webworker: bundled
lru-cache-11.2, es2022: bundled
lru-cache-11.5, node: bundled
lru-cache-11.5, web: bundled
lru-cache-11.5, webworker: bundled
lru-cache-11.5, es2022: Reading from "node:diagnostics_channel" is not handled by plugins
TEXT
