#!/usr/bin/env bash
# engine.io: a middleware that refuses with 401 refuses a WebSocket without any answer.
#
# Expected: `engine.use((request, response, next) => …)` is a middleware of the usual kind. A status that it sets and ends
#   with reaches the client, over long polling and in the handshake of a WebSocket.
# Seen (engine.io 6.6.13, the transport of Socket.IO 4): over polling the client gets 401. In a WebSocket handshake it gets an
#   empty connection that is closed: the response that the middleware is given there writes nothing, and its
#   `writeHead()` returns undefined, so that `writeHead(…).end(…)` throws. `next(error)` gives 400 both ways.
# Why it matters to a receiver of ID tokens: a client that is refused cannot tell a missing token from a broken network, and
#   tries again for ever; a guard that chains calls on `writeHead()` fails there. Look at the token in the server's own
#   event `upgrade` to answer with a status.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund engine.io@6.6.13 || exit 2

cat >program.mjs <<'JS'
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { Server } from 'engine.io';

const handshakes = {
  polling: 'Connection: close',
  websocket: 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
};
const middleware = {
  'writeHead(401), end()': (_request, response) => { console.log(`  writeHead() returns ${response.writeHead(401) === response ? 'the response' : 'undefined'}`); response.end(); },
  'next(error)': (_request, _response, next) => next(new Error('refused')),
};
for (const [name, refuse] of Object.entries(middleware)) {
  for (const [transport, headers] of Object.entries(handshakes)) {
    const engine = new Server();
    engine.use(refuse);
    const server = createServer();
    engine.attach(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect(server.address().port, '127.0.0.1');
    socket.write(`GET /engine.io/?EIO=4&transport=${transport} HTTP/1.1\r\nHost: own.example\r\n${headers}\r\n\r\n`);
    const answer = await text(socket);
    console.log(`${name}, ${transport}: ${answer.split('\r\n')[0] || 'closed without an answer'}`);
    engine.close();
    server.close();
  }
}
process.exit();
JS

node program.mjs | tee seen.txt
diff - seen.txt <<'TEXT' && echo 'As described.'
  writeHead() returns the response
writeHead(401), end(), polling: HTTP/1.1 401 Unauthorized
  writeHead() returns undefined
writeHead(401), end(), websocket: closed without an answer
next(error), polling: HTTP/1.1 400 Bad Request
next(error), websocket: HTTP/1.1 400 Bad Request
TEXT
