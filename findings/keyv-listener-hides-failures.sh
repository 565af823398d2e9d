#!/usr/bin/env bash
# Keyv: a listener for `error` makes a store that cannot be reached look like an empty one.
#
# Expected: a listener that logs errors only listens. What `get()` resolves to or rejects with does not depend on it.
# Seen (keyv 5.6.0 and 6.1.0): in 6.1.0 `get()` rejects where the store fails, as long as nobody listens. With a listener it
#   resolves to `undefined`, as for a missing entry, and `has()` and `set()` to false. Its README says so, and asks for a
#   listener with every store that has a connection, so in practice there is one. In 5.6.0 `get()` resolves to
#   `undefined` either way, and does not even emit the event.
# Why it matters to a receiver of ID tokens: a shared key store behind Keyv that is down makes every instance fetch Google's
#   keys for itself, and whoever counts failed reads of the store counts none. In 6.1.0 only the event
#   tells, in 5.6.0 nothing.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund keyv-5@npm:keyv@5.6.0 keyv-6@npm:keyv@6.1.0 || exit 2

cat >program.mjs <<'JS'
const fail = async () => { throw new Error('refused'); };
const downStore = { get: fail, set: fail, has: fail, delete: fail, clear: fail };

for (const version of ['keyv-5', 'keyv-6']) {
  const { Keyv } = await import(version);
  for (const listens of [false, true]) {
    const keyv = new Keyv({ store: downStore });
    const told = [];
    if (listens) keyv.on('error', (error) => told.push(error.message));
    for (const method of ['get', 'has', 'set']) {
      const outcome = await keyv[method]('keys', 'value').then(String, (error) => `rejects: ${error.message}`);
      console.log(`${version}, ${listens ? 'a' : 'no'} listener, ${method}: ${outcome}; events: ${told.splice(0).length}`);
    }
  }
}
JS

node program.mjs | tee seen.txt
diff - seen.txt <<'TEXT' && echo 'As described.'
keyv-5, no listener, get: undefined; events: 0
keyv-5, no listener, has: rejects: refused; events: 0
keyv-5, no listener, set: false; events: 0
keyv-5, a listener, get: undefined; events: 0
keyv-5, a listener, has: rejects: refused; events: 0
keyv-5, a listener, set: false; events: 1
keyv-6, no listener, get: rejects: refused; events: 0
keyv-6, no listener, has: rejects: refused; events: 0
keyv-6, no listener, set: rejects: refused; events: 0
keyv-6, a listener, get: undefined; events: 1
keyv-6, a listener, has: false; events: 1
keyv-6, a listener, set: false; events: 1
TEXT
