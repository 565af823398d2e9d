import {
  anyCaller,
  createGoogleIdTokenVerifier,
  createGoogleKeySet,
  type GoogleIdTokenVerifier,
} from '@id-token-guard/core';
import { type Check, expectEqual, outcome } from './check.ts';
import { AUDIENCE, type Kit } from './kit.ts';

/** How a key URL may misbehave, and what the operator is told. */
const BAD_ANSWERS: Readonly<Record<string, string>> = {
  '/redirect': 'The key URL answered with status 302.',
  '/outage': 'The key URL answered with status 503.',
  '/large': 'The answer of the key URL is larger than 64 KiB.',
  '/silent': 'The key URL did not answer in time.',
  '/slow': 'The key URL did not answer in time.',
};

/** Over the fetch of the runtime itself, and by the real clock. */
function startService({ outside }: Kit, path: string, timeoutSeconds = 5): GoogleIdTokenVerifier {
  return createGoogleIdTokenVerifier({
    audience: AUDIENCE,
    callers: anyCaller,
    keys: createGoogleKeySet({ url: outside.keyServer.url + path, timeoutSeconds }),
  });
}

async function fetchesKeys(kit: Kit): Promise<void> {
  const verifier = startService(kit, '/keys');
  expectEqual(await outcome(verifier.verify(kit.outside.keyServer.token)), 'accepted');
  expectEqual(verifier.keys.snapshot()?.freshForSeconds, 7200);
}

async function refusesBadAnswers(kit: Kit): Promise<void> {
  for (const [path, message] of Object.entries(BAD_ANSWERS)) {
    const verifier = startService(kit, path, /in time/.test(message) ? 0.3 : 5);
    const result = await outcome(verifier.verify(kit.outside.keyServer.token));
    expectEqual([path, result, verifier.keys.status().lastError?.message], [path, 'keys_unavailable', message]);
  }
}

/** Whatever runtimes make of it: it is no key set, and the operator is told something. */
async function refusesHostileAnswers(kit: Kit): Promise<void> {
  for (const { name, path, endless } of kit.outside.keyServer.badAnswers) {
    const verifier = startService(kit, path, endless ? 0.1 : 5);
    const result = await outcome(verifier.verify(kit.outside.keyServer.token));
    const { state, lastError } = verifier.keys.status();
    expectEqual([name, result, state, lastError instanceof Error], [name, 'keys_unavailable', 'empty', true]);
  }
}

export const keyUrlChecks: readonly Check[] = [
  { name: 'fetches compressed keys over HTTP, with their lifetime', run: fetchesKeys },
  { name: 'takes no keys from a redirect, an outage, a large answer or a slow one', run: refusesBadAnswers },
  { name: 'takes no keys from any hostile answer of the key URL', run: refusesHostileAnswers },
];
