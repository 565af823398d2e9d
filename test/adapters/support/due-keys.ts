import { createFakeGoogle, type FakeGoogle } from '@id-token-guard/testing';
import { AUDIENCE, guardOptions, SENDER } from './fixtures.ts';

/** A guard's options with a clock that a test can move. */
export interface DueKeys {
  readonly google: FakeGoogle;
  readonly options: ReturnType<typeof guardOptions>;
  /** The header of a request with a good token of this moment. */
  authorization(): Promise<{ authorization: string }>;
  /** Lets so much time pass that the next request starts a refresh of the keys in the background. */
  makeKeysDue(): void;
}

/** The fake Google's keys are fresh for 19,845 s; a refresh is due from 85 % of that on, at the latest. */
const DUE_AFTER_SECONDS = 19_845 * 0.9;

export async function createDueKeys(): Promise<DueKeys> {
  let milliseconds = Date.now();
  const now = () => milliseconds;
  const google = await createFakeGoogle({ now });
  return {
    google,
    options: { ...guardOptions(), keys: google.keySet(), now },
    authorization: async () => ({ authorization: `Bearer ${await google.idToken({ aud: AUDIENCE, ...SENDER })}` }),
    makeKeysDue() {
      milliseconds += DUE_AFTER_SECONDS * 1000;
    },
  };
}

/** As runtimes make it: `waitUntil` works only as a method of its own object. */
export class ExecutionContext {
  readonly #promises: Promise<unknown>[] = [];
  readonly props = {};

  waitUntil(promise: Promise<unknown>): void {
    this.#promises.push(promise);
  }

  passThroughOnException(): void {}

  get promises(): readonly Promise<unknown>[] {
    return this.#promises;
  }
}
