import type { PublicJwk } from '@id-token-guard/testing';
import { withGlobals } from './globals.ts';
import { createGoogle } from './google.ts';
import { createIsolateTime } from './isolate-time.ts';
import { createRandom } from './random.ts';
import type { Scenario } from './scenarios.ts';
import { createStore } from './store.ts';
import type { Strategy } from './strategies.ts';
import { createCounter, type Tally } from './tally.ts';
import { createVirtualTime } from './virtual-time.ts';
import { createWorkload, type Life, type Request } from './workload.ts';

/** How a run is made. */
export interface RunOptions {
  readonly isolates: number;
  readonly seed: number;
  /** At least one for each rotation. */
  readonly jwks: readonly PublicJwk[];
  /** Is told the share of the time that has passed. */
  readonly onProgress?: (share: number) => void;
}

/** Lets a fleet live through a scenario, all its isolates with one strategy. */
export function runFleet(scenario: Scenario, strategy: Strategy, options: RunOptions): Promise<Tally> {
  const { isolates, seed, jwks, onProgress } = options;
  const time = createVirtualTime();
  const random = createRandom(seed);
  const counter = createCounter(scenario.duration);
  const google = createGoogle(scenario, jwks, time, random, {
    fetched: (succeeded) => counter.fetched(time.elapsed(), succeeded),
  });
  const store = createStore(time, random);

  function startIsolate(life: Life): void {
    const isolate = createIsolateTime(time);
    const lookUp = strategy.start({
      fetch: google.fetchFor(isolate),
      now: time.now,
      store: store.viewFor(isolate),
      waitUntil: (promise) => void isolate.work(promise),
    });
    let isWarm = false;

    async function answer({ at, issuedAt }: Request): Promise<void> {
      const accepted = await isolate.work(lookUp(google.kidAt(issuedAt))).catch(() => false);
      counter.answered(at, time.elapsed() - at, accepted, isWarm);
      isWarm ||= accepted;
    }

    const requests = life.requests()[Symbol.iterator]();
    function answerNext(): void {
      const { done, value } = requests.next();
      if (!done) {
        time.after(value.at - time.elapsed(), () => {
          answerNext();
          void answer(value);
        });
      }
    }
    answerNext();
  }

  for (const life of createWorkload(isolates, scenario.duration, seed)) {
    time.after(life.start, () => startIsolate(life));
  }
  for (let percent = 0; percent <= 100; percent += 1) {
    time.after((scenario.duration * percent) / 100, () => onProgress?.(percent / 100));
  }
  return withGlobals(time, random, async () => {
    await time.run();
    return counter.tally();
  });
}
