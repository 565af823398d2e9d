/*
 * Run by tls.test.ts and proxy.test.ts: a program that fetches the keys once, as its environment makes it, and prints
 * what became of it. `node fetch-keys-child.ts <key URL> <default | fetch | agent>`; with `agent`, that of node:https
 * takes the proxy of the environment.
 */
import https from 'node:https';
import { createGoogleKeySet } from '@id-token-guard/core';

const [url = '', transport = ''] = process.argv.slice(2);

if (transport === 'agent') {
  https.globalAgent = new https.Agent({ proxyEnv: process.env });
}
const keys = createGoogleKeySet({ url, timeoutSeconds: 5, ...(transport === 'fetch' && { fetch }) });
const problem = await keys.preload().then(
  () => undefined,
  (error) => ({ code: error.code, hint: error.hint }),
);

console.log(JSON.stringify({ ...problem, state: keys.status().state }));
