/*
 * A fake Google, a clock that a test can move, and processes behind guards whose keys come from there.
 */
import { createGoogleIdTokenVerifier, type KeySetEvent, type KeySetStore, serviceAccount } from '@id-token-guard/core';
import { createFakeGoogle, type FakeGoogle } from '@id-token-guard/testing';
import { AUDIENCE, SENDER } from './callers.ts';

/** The fake Google's keys are fresh for so long, in seconds. */
export const FRESH_SECONDS = 19_845;
/** And usable for a day more while Google cannot be reached. */
export const USABLE_SECONDS = FRESH_SECONDS + 86_400;

/** What key sets of the fake Google are kept under. Keys of the real one have another name. */
export const STORED_NAME = 'id-token-guard:keys:https://fake-google.invalid/oauth2/v3/certs';

export interface Fleet {
  readonly google: FakeGoogle;
  startProcess(store: KeySetStore): Process;
  letPass(seconds: number): void;
}

export interface Process {
  /** The events of its key set; those of the token are left out. */
  readonly events: readonly KeySetEvent[];
  /** How long its verifications took, in milliseconds. */
  readonly waits: readonly number[];
  /** Sends a request with a good token of this moment, waits for the background work too, and says who called. */
  call(): Promise<string | undefined>;
}

export async function createFleet(): Promise<Fleet> {
  let milliseconds = Date.now();
  const now = () => milliseconds;
  const google = await createFakeGoogle({ now });

  function startProcess(store: KeySetStore): Process {
    const events: KeySetEvent[] = [];
    const waits: number[] = [];
    const verifier = createGoogleIdTokenVerifier({
      audience: AUDIENCE,
      callers: serviceAccount(SENDER.email),
      keys: google.keySet({ store, onEvent: (event) => events.push(event) }),
      now,
    });
    return {
      events,
      waits,
      async call() {
        const background: Promise<unknown>[] = [];
        const token = await google.idToken({ aud: AUDIENCE, ...SENDER });
        const begun = performance.now();
        const { claims } = await verifier.verify(token, { waitUntil: (promise) => background.push(promise) });
        waits.push(performance.now() - begun);
        await Promise.all(background);
        return claims.email;
      },
    };
  }

  return {
    google,
    startProcess,
    letPass(seconds) {
      milliseconds += seconds * 1000;
    },
  };
}
