import {
  createGoogleIdTokenVerifier,
  createGoogleKeySet,
  type GoogleIdTokenError,
  type GoogleIdTokenVerifier,
  serviceAccount,
  toRefusal,
} from '@id-token-guard/core';
import { piecesIn } from '../../core/hostile/leaks.ts';
import { watchPrototypes } from '../../core/hostile/prototypes.ts';
import { createWorld } from '../../core/hostile/remembered-world.ts';
import { type Check, expectEqual, outcome } from './check.ts';
import type { ForgedInput, Hostile, HostileFamily } from './outside.ts';

/**
 * The clock stands still at the time for which the inputs were made. That of the key set goes on by half a minute with
 * each look, so that it may ask for every unknown key id, which is rationed.
 */
export function createVerifier({ audience, caller, jwks, now }: Hostile): GoogleIdTokenVerifier {
  let looks = 0;
  const later = () => now * 1000 + 30_000 * looks++;
  return createGoogleIdTokenVerifier({
    audience,
    callers: serviceAccount(caller),
    keys: createGoogleKeySet({ fetch: async () => new Response(jwks), now: later }),
    now: () => now * 1000,
  });
}

/** Some inputs have a million characters: what leaks would leak from the beginning, too. */
const MAX_SENT_LENGTH = 20_000;

/** What became of an input, and what everybody may see of it. */
interface Verdict {
  readonly outcome: string;
  readonly shown: string;
}

async function send(verifier: GoogleIdTokenVerifier, { authorization = [] }: ForgedInput): Promise<Verdict> {
  try {
    await verifier.authenticate({ authorization });
    return { outcome: 'accepted', shown: '' };
  } catch (error) {
    // What is not ours is thrown on.
    const { status, headers, body } = toRefusal(error);
    const { code, message } = error as GoogleIdTokenError;
    return { outcome: code, shown: JSON.stringify([status, headers, body, message]) };
  }
}

async function refusesAll(hostile: Hostile, family: HostileFamily): Promise<void> {
  const verifier = createVerifier(hostile);
  await verifier.verify(hostile.good);
  const changedPrototypes = watchPrototypes();
  const requests = await requestsDuring(async () => {
    for (const input of family.inputs) {
      const { outcome, shown } = await send(verifier, input);
      expectEqual([input.name, outcome], [input.name, input.code]);
      const sent = [input.authorization ?? []].flat().join('.').slice(0, MAX_SENT_LENGTH);
      expectEqual([input.name, piecesIn(shown, sent)], [input.name, []]);
    }
  });
  expectEqual([requests, changedPrototypes()], [[], []]);
}

/** What is asked of the runtime's own fetch meanwhile: the keys come from memory here, so nothing should be. */
async function requestsDuring(work: () => Promise<void>): Promise<string[]> {
  const requests: string[] = [];
  const { fetch } = globalThis;
  globalThis.fetch = (input) => {
    requests.push(input instanceof Request ? input.url : String(input));
    return Promise.reject(new Error('Nothing should be asked for.'));
  };
  try {
    await work();
  } finally {
    globalThis.fetch = fetch;
  }
  return requests;
}

async function forgetsWhatHasChanged(hostile: Hostile): Promise<void> {
  for (const remembered of hostile.remembered) {
    const { options, moveOn } = createWorld(remembered);
    const verifier = createGoogleIdTokenVerifier(options);
    await verifier.verify(remembered.token);
    moveOn();
    expectEqual(
      [remembered.name, await outcome(verifier.verify(remembered.attempt))],
      [remembered.name, remembered.code],
    );
  }
}

async function acceptsAll(hostile: Hostile): Promise<void> {
  const verifier = createVerifier(hostile);
  for (const input of hostile.accepted) {
    expectEqual([input.name, (await send(verifier, input)).outcome], [input.name, 'accepted']);
  }
}

export function hostileChecks(hostile: Hostile): Check[] {
  return [
    ...hostile.families.map((family) => ({
      name: `refuses ${family.inputs.length} hostile inputs: ${family.name}`,
      run: () => refusesAll(hostile, family),
    })),
    {
      name: `refuses ${hostile.remembered.length} remembered tokens after something has changed`,
      run: () => forgetsWhatHasChanged(hostile),
    },
    {
      name: `accepts ${hostile.accepted.length} tokens that are odd, legal and good`,
      run: () => acceptsAll(hostile),
    },
  ];
}
