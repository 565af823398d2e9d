// Node.js, Deno and Bun: a program that has some of the packages by `import` and some by `require()`. Prints what is not
// the same object both ways.
import { createRequire } from 'node:module';
import process from 'node:process';

const require = createRequire(import.meta.url);
const strangers: string[] = [];
for (const specifier of process.argv.slice(2)) {
  const [imported, required] = [await import(specifier), require(specifier)];
  const names = new Set([...Object.keys(imported), ...Object.keys(required)]);
  strangers.push(
    ...[...names].filter((name) => imported[name] !== required[name]).map((name) => `${specifier} ${name}`),
  );
}

// What no object shows: the key set of all verifiers of a process that were not given one.
const [one, other] = [await import('@id-token-guard/core'), require('@id-token-guard/core')].map(
  ({ anyCaller, createGoogleIdTokenVerifier }: typeof import('@id-token-guard/core')) =>
    createGoogleIdTokenVerifier({ audience: 'https://api.example.com', callers: anyCaller }),
);
if (one?.keys !== other?.keys) {
  strangers.push('the shared key set');
}
console.log(JSON.stringify(strangers));
