// Node.js, Deno and Bun: a program that fetches the keys and has nothing else to do.
import process from 'node:process';
import { createGoogleKeySet } from '@id-token-guard/core';

const keys = createGoogleKeySet({ url: `${process.argv[2]}`, timeoutSeconds: 60 });
await keys.preload();
console.log(keys.status().state);
