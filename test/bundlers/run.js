// node run.js BUNDLE GIVEN [without-process]: runs a bundle, and prints its answers, and which cryptography it has asked.
// "without-process": as in a browser, where there is no such thing.
import nodeCrypto from 'node:crypto';
import { readFileSync } from 'node:fs';
import { argv, stdout } from 'node:process';
import { pathToFileURL } from 'node:url';

const [, , bundle, given, mode] = argv;
const asked = { node: 0, web: 0 };

const { verify } = nodeCrypto;
nodeCrypto.verify = (...args) => {
  asked.node += 1;
  return verify(...args);
};
const { subtle } = globalThis.crypto;
const webVerify = subtle.verify;
subtle.verify = (...args) => {
  asked.web += 1;
  return webVerify.apply(subtle, args);
};

globalThis.given = JSON.parse(readFileSync(given, 'utf8'));
if (mode === 'without-process') {
  delete globalThis.process;
}
await import(pathToFileURL(bundle));
stdout.write(JSON.stringify({ answers: await globalThis.answers, asked }));
