#!/usr/bin/env bash
# After a process has been frozen, a fetch fails by its timeout although its answer has come in time.
#
# Expected: the answer came within a second. When the process goes on, the runtime finds it in the
#   socket, and the fetch succeeds, however long the process was stopped in between.
# Seen (Node.js 24.21.0, Deno 2.9.6, Bun 1.4.5): the process is stopped (SIGSTOP) while it waits, the answer arrives meanwhile,
#   and the process goes on after the three seconds of `AbortSignal.timeout(3000)` are over. Each of them lets the timer fire
#   before it reads the socket, so the fetch rejects with a TimeoutError. Stopped for less than that, it succeeds.
# Why it matters to a receiver of ID tokens: AWS Lambda and others freeze a process between two requests. A refresh of keys
#   that is under way then ends as a failure each time, with Google in perfect health. Keep the keys at hand, and do not take
#   one such failure for an outage.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund node@24.21.0 deno@2.9.6 bun@1.4.5 || exit 2

cat >asks.mjs <<'JS'
const url = process.argv[2];
const outcome = fetch(url, { signal: AbortSignal.timeout(3000) }).then((response) => response.text(), (error) => error.name);
console.log(await outcome);
process.exit();
JS
cat >program.mjs <<'JS'
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const runtimes = {
  'Node.js': ['node_modules/node/bin/node'],
  // The programs themselves and not the scripts that start them: a signal goes to one process.
  Deno: ['node_modules/deno/deno', 'run', '--allow-net'],
  Bun: ['node_modules/bun/bin/bun.exe'],
};

async function stopFor(seconds, [command, ...args]) {
  const server = createServer((_request, response) => {
    server.emit('asked', () => response.setHeader('connection', 'close').end('the answer'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const child = spawn(command, [...args, 'asks.mjs', `http://127.0.0.1:${server.address().port}/`], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk) => { output += chunk; });
  const [answer] = await once(server, 'asked');
  await sleep(500);
  child.kill('SIGSTOP');
  await sleep(100);
  answer();
  await sleep(seconds * 1000);
  child.kill('SIGCONT');
  await once(child, 'close');
  server.close();
  return output.trim();
}

const tries = Object.entries(runtimes).flatMap(([name, command]) => [1, 4].map((seconds) => ({ name, seconds, outcome: stopFor(seconds, command) })));
for (const { name, seconds, outcome } of tries) {
  console.log(`${name}, stopped for ${seconds} s: ${await outcome}`);
}
JS

node program.mjs | tee seen.txt
diff - seen.txt <<'TEXT' && echo 'As described.'
Node.js, stopped for 1 s: the answer
Node.js, stopped for 4 s: TimeoutError
Deno, stopped for 1 s: the answer
Deno, stopped for 4 s: TimeoutError
Bun, stopped for 1 s: the answer
Bun, stopped for 4 s: TimeoutError
TEXT
