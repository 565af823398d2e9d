import {
  createGoogleIdTokenVerifier,
  createGoogleKeySet,
  type GoogleIdTokenVerifier,
  serviceAccount,
} from '@id-token-guard/core';
import { type Check, expectEqual, outcome } from './check.ts';
import type { ForgedInput, Hostile, HostileFamily } from './outside.ts';

/** The clock stands still at the time for which the inputs were made. */
function createVerifier({ audience, caller, jwks, now }: Hostile): GoogleIdTokenVerifier {
  return createGoogleIdTokenVerifier({
    audience,
    callers: serviceAccount(caller),
    keys: createGoogleKeySet({ fetch: async () => new Response(jwks), now: () => now * 1000 }),
    now: () => now * 1000,
  });
}

function send(verifier: GoogleIdTokenVerifier, { authorization }: ForgedInput): Promise<string> {
  return outcome(verifier.authenticate(authorization === undefined ? {} : { authorization }));
}

async function refusesAll(hostile: Hostile, family: HostileFamily): Promise<void> {
  const verifier = createVerifier(hostile);
  for (const input of family.inputs) {
    expectEqual([input.name, await send(verifier, input)], [input.name, input.code]);
  }
}

async function acceptsAll(hostile: Hostile): Promise<void> {
  const verifier = createVerifier(hostile);
  for (const input of hostile.accepted) {
    expectEqual([input.name, await send(verifier, input)], [input.name, 'accepted']);
  }
}

export function hostileChecks(hostile: Hostile): Check[] {
  return [
    ...hostile.families.map((family) => ({
      name: `refuses ${family.inputs.length} hostile inputs: ${family.name}`,
      run: () => refusesAll(hostile, family),
    })),
    {
      name: `accepts ${hostile.accepted.length} tokens that are odd, legal and good`,
      run: () => acceptsAll(hostile),
    },
  ];
}
