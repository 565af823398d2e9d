#!/usr/bin/env bash
# Node.js counts a rejection as unhandled although the same statement catches it.
#
# Expected: `try { await check() } catch {}` handles what `check` rejects with, so nothing is ever unhandled.
# Seen (Node.js 24.21.0): where the async function `check` throws before its first `await`, its promise is rejected before
#   anybody can listen to it. Node.js enters it into its list of unhandled rejections, and strikes it out again when `await`
#   begins to listen. No event `unhandledRejection` is emitted, but the trace category `node.promises.rejections` counts
#   each of them twice. After one `await null` inside `check` it counts none.
# Why it matters to a receiver of ID tokens: a refusal is often thrown at once, as for a malformed token. Each one costs this
#   bookkeeping, and a dashboard that reads the trace shows unhandled rejections where every one is handled.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund node@24.21.0 || exit 2

cat >program.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';

const functions = {
  'throws at once': async () => { throw new Error('refused'); },
  'throws after an await': async () => { await null; throw new Error('refused'); },
};
const [name] = process.argv.slice(2);
if (name === undefined) {
  console.log(process.version);
  for (const each of Object.keys(functions)) {
    spawnSync(process.execPath, ['--trace-event-categories', 'node.promises.rejections', import.meta.filename, each], { stdio: 'inherit' });
    const { traceEvents } = JSON.parse(readFileSync('node_trace.1.log', 'utf8'));
    const { unhandled, handledAfter } = traceEvents.filter((event) => event.name === 'rejections').at(-1)?.args ?? { unhandled: 0, handledAfter: 0 };
    console.log(`${each}: ${unhandled} unhandled, ${handledAfter} handled afterwards`);
  }
} else {
  process.on('unhandledRejection', () => console.log('event: unhandledRejection'));
  for (let i = 0; i < 100; i += 1) {
    try { await functions[name](); } catch {}
  }
}
JS

node_modules/.bin/node program.mjs | tee seen.txt
diff - seen.txt <<'TEXT' && echo 'As described.'
v24.21.0
throws at once: 100 unhandled, 100 handled afterwards
throws after an await: 0 unhandled, 0 handled afterwards
TEXT
