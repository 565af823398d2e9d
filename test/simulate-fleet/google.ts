import type { PublicJwk } from '@id-token-guard/testing';
import type { IsolateTime } from './isolate-time.ts';
import { exponential, type Random } from './random.ts';
import type { Rotation, Scenario } from './scenarios.ts';
import type { VirtualTime } from './virtual-time.ts';

/** Google as a fleet sees it. */
export interface Google {
  /** The `fetch` of one isolate. */
  fetchFor(isolate: IsolateTime): typeof globalThis.fetch;
  /** The id of the key that signed a token of that moment, in milliseconds since the start. */
  kidAt(moment: number): string;
}

/** Counts fetches. */
export interface FetchCounter {
  fetched(succeeded: boolean): void;
}

/** As seen with Google, in seconds. */
const MAX_AGE = 19_845;

/**
 * Google's keys behind HTTP caches: a document may be as old as its `max-age`, and says so with `Age`. In an outage
 * one half of the fetches get an error at once, the other half nothing at all.
 */
export function createGoogle(
  { outage, rotations }: Scenario,
  jwks: readonly PublicJwk[],
  time: VirtualTime,
  random: Random,
  counter: FetchCounter,
): Google {
  const keys = rotations.map((rotation, index) => ({ ...rotation, jwk: jwks[index] as PublicJwk }));

  return {
    fetchFor: (isolate) => async (_input, init) => {
      const isDown = time.elapsed() >= outage.from && time.elapsed() < outage.to;
      counter.fetched(!isDown);
      if (isDown && random() < 0.5) {
        return isolate.waitForNothing(init?.signal as AbortSignal);
      }
      await isolate.wait(30 + exponential(random, 50));
      return isDown ? new Response('Service Unavailable', { status: 503 }) : document();
    },
    kidAt: (moment) => last(keys.filter(({ signsFrom }) => signsFrom <= moment)).jwk.kid,
  };

  function document(): Response {
    const urgent = keys.filter((key) => key.urgent && key.publishedAt <= time.elapsed());
    const notBefore = Math.max(Number.NEGATIVE_INFINITY, ...urgent.map(({ publishedAt }) => publishedAt));
    const madeAt = Math.max(time.elapsed() - random() * MAX_AGE * 1000, notBefore);
    const published = keys.filter(({ publishedAt }) => publishedAt <= madeAt).map(({ jwk }) => jwk);
    return new Response(JSON.stringify({ keys: published }), {
      headers: {
        'content-type': 'application/json; charset=UTF-8',
        'cache-control': `public, max-age=${MAX_AGE}, must-revalidate, no-transform`,
        age: String(Math.floor((time.elapsed() - madeAt) / 1000)),
      },
    });
  }
}

function last<T extends Rotation>(keys: readonly T[]): T {
  return keys.at(-1) as T;
}
