#!/usr/bin/env bash
# Deno stays alive until an `AbortSignal.timeout()` fires, as soon as somebody listens to it.
#
# Expected: the timer of `AbortSignal.timeout()` does not keep a process alive, as in Node.js and Bun, where it can be listened
#   to as much as one likes.
# Seen (Deno 2.9.6): without a listener the process ends at once. With `addEventListener('abort', …)` it ends only when the
#   time is up. Taking the listener away ends that.
# Why it matters to a receiver of ID tokens: code that gives the fetch of the keys a deadline, and listens to it, makes each
#   program on Deno last until the deadline of its last fetch, and a test run wait for it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund node@24.21.0 deno@2.9.6 bun@1.4.5 || exit 2

cat >listens.mjs <<'JS'
const listener = () => {};
const signal = AbortSignal.timeout(4000);
if (process.argv[2] !== 'nobody listens') signal.addEventListener('abort', listener);
if (process.argv[2] === 'a listener is taken away') signal.removeEventListener('abort', listener);
console.log('done');
JS
cat >program.mjs <<'JS'
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const runtimes = { 'Node.js': ['node'], Deno: ['deno', 'run'], Bun: ['bun'] };
for (const [name, [command, ...args]] of Object.entries(runtimes)) {
  for (const how of ['nobody listens', 'a listener', 'a listener is taken away']) {
    const child = spawn(`node_modules/.bin/${command}`, [...args, 'listens.mjs', how], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    const doneAt = Date.now();
    await once(child, 'exit');
    console.log(`${name}, ${how}: ends ${Date.now() - doneAt > 2000 ? 'when the time is up' : 'at once'}`);
  }
}
JS

node program.mjs | tee seen.txt
diff - seen.txt <<'TEXT' && echo 'As described.'
Node.js, nobody listens: ends at once
Node.js, a listener: ends at once
Node.js, a listener is taken away: ends at once
Deno, nobody listens: ends at once
Deno, a listener: ends when the time is up
Deno, a listener is taken away: ends at once
Bun, nobody listens: ends at once
Bun, a listener: ends at once
Bun, a listener is taken away: ends at once
TEXT
