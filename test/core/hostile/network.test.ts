/*
 * Tokens name addresses of all kinds: none is ever asked for anything. The key URL here is a real one on loopback, and
 * every request that leaves the process is seen.
 */
import {
  createGoogleIdTokenVerifier,
  createGoogleKeySet,
  GOOGLE_JWKS_URL,
  isGoogleIdTokenError,
} from '@id-token-guard/core';
import { expect, onTestFinished, test } from 'vitest';
import { keys, startJwksServer } from '../keys/jwks-server.ts';
import { acceptedInputs, authorizationOf, createKit, hostileFamilies } from './catalogue.ts';
import { watchNetwork } from './watch-network.ts';

const kit = await createKit();
const document = await (await kit.google.fetch(GOOGLE_JWKS_URL)).json();

test.each([...Object.entries(hostileFamilies), ['odd input that is good', acceptedInputs] as const])(
  'no address but the key URL is asked for anything: %s',
  async (_, inputs) => {
    const server = await startJwksServer(keys(() => document));
    onTestFinished(() => server.close());
    const watch = watchNetwork();
    onTestFinished(() => watch.stop());
    const verifier = createGoogleIdTokenVerifier({
      ...kit.options,
      keys: createGoogleKeySet({ url: server.url, now: () => kit.now * 1000 }),
    });
    await verifier.verify(kit.token());

    for (const input of inputs) {
      const authorization = await authorizationOf(input, kit);
      await verifier.authenticate({ authorization }).catch(expectRefusal);
    }

    expect(watch.seen).toEqual([`tcp ${new URL(server.url).host}`]);
  },
);

/** Only our error class comes out. */
function expectRefusal(error: unknown): void {
  if (!isGoogleIdTokenError(error)) {
    throw error;
  }
}
