// What is bundled: a guard, and both kinds of key sets. It reads what it is given, and leaves its answers, as globals,
// because bundles for browsers have nothing else.
import { createGoogleIdTokenVerifier, createGoogleKeySet, serviceAccount, staticKeySet } from '@id-token-guard/core';
import { explainToken } from '@id-token-guard/core/explain';
import { requireGoogleIdToken } from '@id-token-guard/fetch';

async function main({ audience, sender, jwks, keysUrl, good, bad }) {
  const answers = {};
  for (const [name, keys] of [
    ['static', staticKeySet(jwks)],
    ['fetched', createGoogleKeySet({ url: keysUrl })],
  ]) {
    // Refused if the adapter had a core of its own.
    const verifier = createGoogleIdTokenVerifier({ audience, callers: serviceAccount(sender), keys });
    const handler = requireGoogleIdToken(verifier)((_request, { caller }) => Response.json({ caller: caller.email }));
    answers[name] = [await ask(handler, good), await ask(handler, bad)];
  }
  const { checks } = await explainToken(bad, { keys: staticKeySet(jwks) });
  answers.explained = checks.find(({ result }) => result === 'failed')?.code;
  return answers;
}

async function ask(handler, token) {
  const request = new Request('https://api.example.com/', { headers: { authorization: `Bearer ${token}` } });
  const response = await handler(request);
  const { code, caller } = await response.json();
  return { status: response.status, code, caller };
}

globalThis.answers = main(globalThis.given);
