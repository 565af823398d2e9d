#!/usr/bin/env bash
# Fastify runs the handler behind an async hook that has answered, when the client has hung up meanwhile.
#
# Expected: an async hook that calls `reply.send()` and returns `reply` ends the request: later hooks and the handler do not
#   run. That is what happens while the client waits.
# Seen (fastify 5.12.8): where sending takes a while (here an `onSend` hook of another plugin) and the client resets the
#   connection before it is done, the hook counts as passed, and the handler runs. It is the same with `return reply` and
#   with `await reply`. A hook in the callback form that never calls `done` stops the request in both cases.
# Why it matters to a receiver of ID tokens: a guard that is an async hook ends a refused request only as long as somebody is
#   there to read the refusal. Write guards in the callback form.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund fastify@5.12.8 || exit 2

cat >program.mjs <<'JS'
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fastify } from 'fastify';

const hooks = {
  'async, returns reply': async (_request, reply) => { reply.code(403).send('closed'); return reply; },
  'async, awaits reply': async (_request, reply) => { reply.code(403).send('closed'); await reply; },
  'callback without done': (_request, reply, _done) => { reply.code(403).send('closed'); },
};

for (const [name, hook] of Object.entries(hooks)) {
  for (const leaves of [false, true]) {
    let runs = 0;
    const app = fastify();
    app.addHook('onSend', async (_request, _reply, payload) => { await sleep(300); return payload; });
    app.addHook('onRequest', hook);
    app.get('/', async () => { runs += 1; return 'open'; });
    await app.listen({ host: '127.0.0.1', port: 0 });
    const client = connect(app.server.address().port, '127.0.0.1').resume();
    client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await sleep(100);
    if (leaves) client.resetAndDestroy();
    await sleep(500);
    client.destroy();
    await app.close();
    console.log(`${name}; the client ${leaves ? 'leaves' : 'waits'}: the handler ran ${runs} times`);
  }
}
JS

node program.mjs | tee seen.txt
diff - seen.txt <<'TEXT' && echo 'As described.'
async, returns reply; the client waits: the handler ran 0 times
async, returns reply; the client leaves: the handler ran 1 times
async, awaits reply; the client waits: the handler ran 0 times
async, awaits reply; the client leaves: the handler ran 1 times
callback without done; the client waits: the handler ran 0 times
callback without done; the client leaves: the handler ran 0 times
TEXT
