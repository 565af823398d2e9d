/*
 * Run by process.test.ts: a program that verifies tokens, and then has nothing left to do.
 * `node exits-child.ts <key URL> <clock> <token> <refresh | no refresh> <fetch | node:https>`
 */
import { anyCaller, createGoogleIdTokenVerifier, createGoogleKeySet } from '@id-token-guard/core';

const [url = '', start = '', token = '', refresh = '', transport = ''] = process.argv.slice(2);

let milliseconds = Number(start);
const now = () => milliseconds;
const keys = createGoogleKeySet({
  url,
  now,
  timeoutSeconds: 2,
  onEvent: ({ type }) => console.log(type),
  ...(transport === 'fetch' && { fetch }),
});
const verifier = createGoogleIdTokenVerifier({
  audience: 'https://api.example.com/push',
  callers: anyCaller,
  keys,
  now,
  onEvent: ({ type }) => type.startsWith('token_') && console.log(type),
});

await verifier.verify(token);
if (refresh === 'refresh') {
  milliseconds += 3500_000;
  await verifier.verify(token);
}
