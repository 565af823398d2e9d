#!/usr/bin/env bash
# Deno imports an RSA key of more than 4096 bits, and cannot verify with it.
#
# Expected: a key that `crypto.subtle.importKey()` takes can be used. Where a runtime has a limit, importing says so.
# Seen (Deno 2.9.6): up to 4096 bits everything works. With 4104 bits `importKey()` of the JWK resolves, and each `verify()`
#   then rejects with "public key error: SPKI cryptographic key data malformed". `createPublicKey()` of `node:crypto` throws
#   "modulus too large" at once. Node.js 24.21.0 and Bun 1.4.5 verify with the same key both ways.
# Why it matters to a receiver of ID tokens: a key set that imports its keys with Web Cryptography takes such a key for good,
#   and each token that names it ends in an error that is no refusal. Google's keys have 2048 bits; a local issuer's may not.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund deno@2.9.6 bun@1.4.5 node@24.21.0 || exit 2

cat >make-keys.mjs <<'JS'
import { generateKeyPairSync, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';

const cases = [4096, 4104].map((bits) => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  return { bits, jwk: publicKey.export({ format: 'jwk' }), signature: sign('sha256', Buffer.from('text'), privateKey).toString('hex') };
});
writeFileSync('cases.json', JSON.stringify(cases));
JS
cat >program.mjs <<'JS'
import { createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';

const runtime = globalThis.Deno ? 'Deno' : globalThis.Bun ? 'Bun' : 'Node.js';
const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
for (const { bits, jwk, signature } of JSON.parse(readFileSync('cases.json', 'utf8'))) {
  const [bytes, text] = [Buffer.from(signature, 'hex'), Buffer.from('text')];
  const tell = async (step, action) => {
    const outcome = await Promise.try(action).catch((error) => error.message);
    console.log(`${runtime}, ${bits} bits, ${step}: ${outcome}`);
  };
  let key;
  await tell('importKey', async () => { key = await crypto.subtle.importKey('jwk', jwk, rsa, false, ['verify']); return 'resolves'; });
  await tell('verify', () => crypto.subtle.verify(rsa, key, bytes, text));
  await tell('node:crypto', () => verify('sha256', text, createPublicKey({ key: jwk, format: 'jwk' }), bytes));
}
JS

node_modules/.bin/node make-keys.mjs
{
  node_modules/.bin/deno run --allow-read program.mjs
  node_modules/.bin/node program.mjs
  node_modules/.bin/bun program.mjs
} | tee seen.txt
diff - seen.txt <<'TEXT' && echo 'As described.'
Deno, 4096 bits, importKey: resolves
Deno, 4096 bits, verify: true
Deno, 4096 bits, node:crypto: true
Deno, 4104 bits, importKey: resolves
Deno, 4104 bits, verify: public key error: SPKI cryptographic key data malformed
Deno, 4104 bits, node:crypto: modulus too large
Node.js, 4096 bits, importKey: resolves
Node.js, 4096 bits, verify: true
Node.js, 4096 bits, node:crypto: true
Node.js, 4104 bits, importKey: resolves
Node.js, 4104 bits, verify: true
Node.js, 4104 bits, node:crypto: true
Bun, 4096 bits, importKey: resolves
Bun, 4096 bits, verify: true
Bun, 4096 bits, node:crypto: true
Bun, 4104 bits, importKey: resolves
Bun, 4104 bits, verify: true
Bun, 4104 bits, node:crypto: true
TEXT
