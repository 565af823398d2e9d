#!/usr/bin/env bash
# Jest cannot load a package of ECMAScript modules, although the Node.js that runs it can.
#
# Expected: `require()` of such a package works in Node.js 20.19, 22.12 and newer, so it works in a test as well, and
#   `import()` does anyway.
# Seen (Jest 30.5.2, Node.js 24.21.0, a package with `"type": "module"` and no CommonJS): `require()` outside of Jest gives the
#   module. In a test of Jest with its defaults `require()` throws "Must use import to load ES Module", and `import()` fails
#   for want of `--experimental-vm-modules`. With that flag both work.
# Why it matters to a receiver of ID tokens: a service in CommonJS that loads an ESM-only verifier runs in production, and
#   none of its tests starts. jose 6 is such a package. Jest's own message asks for `import`, which does not help either.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund jest@30.5.2 node@24.21.0 jose@6.2.18 || exit 2

cat >loads.js <<'JS'
module.exports = async function loads(where) {
  const required = await Promise.try(() => require('jose')).then((jose) => typeof jose.jwtVerify, (error) => error.message.split(':')[0]);
  const imported = await import('jose').then((jose) => typeof jose.jwtVerify, (error) => error.code ?? error.message.split(':')[0]);
  process.stdout.write(`${where}: require() ${required}; import() ${imported}\n`);
};
JS
echo "require('./loads.js')('plain Node.js');" >plain.js
echo "test('loads', () => require('./loads.js')(process.env.WHERE));" >loads.test.js

node=node_modules/.bin/node
jest=node_modules/jest/bin/jest.js
{
  "$node" plain.js
  WHERE='Jest' "$node" "$jest" --rootDir . 2>jest.txt || cat jest.txt
  WHERE='Jest with --experimental-vm-modules' "$node" --no-warnings --experimental-vm-modules "$jest" --rootDir . 2>jest.txt || cat jest.txt
} | tee seen.txt
diff - seen.txt <<'TEXT' && echo 'As described.'
plain Node.js: require() function; import() function
Jest: require() Must use import to load ES Module; import() ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING_FLAG
Jest with --experimental-vm-modules: require() function; import() function
TEXT
