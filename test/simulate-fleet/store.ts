import type { KeySetStore } from '@id-token-guard/core';
import type { IsolateTime } from './isolate-time.ts';
import { exponential, type Random } from './random.ts';
import type { VirtualTime } from './virtual-time.ts';

/** One store for the whole fleet, a few milliseconds away. */
export interface Store {
  /** The store as one isolate sees it. */
  viewFor(isolate: IsolateTime): KeySetStore;
}

export function createStore(time: VirtualTime, random: Random): Store {
  const texts = new Map<string, string>();
  const latency = () => 2 + exponential(random, 6);
  return {
    viewFor: (isolate) => ({
      async get(name) {
        await isolate.wait(latency());
        return texts.get(name);
      },
      // Nobody waits for a write, so it takes effect later and resolves at once.
      async set(name, text) {
        time.after(latency(), () => texts.set(name, text));
      },
    }),
  };
}
