/*
 * Key sets with one thing wrong.
 */
import { createGoogleKeySet, type KeySet, staticKeySet, type VerificationKey } from '@id-token-guard/core';
import type { CreateKeySet } from './key-set.ts';

export const brokenKeySets = {
  forgetful(options) {
    let keys = create();
    return delegating(() => keys);

    function create(): KeySet {
      return createGoogleKeySet({
        ...options,
        onEvent: ({ type }) => (type === 'keys_refresh_failed' ? forget() : {}),
      });
    }

    function forget(): void {
      keys = create();
    }
  },

  takingAnyStatus: ({ fetch = globalThis.fetch, ...options }) =>
    createGoogleKeySet({
      ...options,
      fetch: async (...request) => new Response((await fetch(...request)).body, { status: 200 }),
    }),

  ageless: ({ fetch = globalThis.fetch, ...options }) =>
    createGoogleKeySet({
      ...options,
      async fetch(...request) {
        const answer = await fetch(...request);
        answer.headers.delete('age');
        return answer;
      },
    }),

  hoarding(options) {
    const keys = createGoogleKeySet(options);
    const seen = new Map<string, VerificationKey>();
    return {
      ...delegating(() => keys),
      async get(kid, request) {
        const key = (await keys.get(kid, request)) ?? seen.get(kid);
        if (key !== undefined) {
          seen.set(kid, key);
        }
        return key;
      },
    };
  },

  believing(options) {
    const sound = createGoogleKeySet(options);
    if (options.snapshot === undefined) {
      return sound;
    }
    const { keys } = Object(options.snapshot) as { keys?: readonly object[] };
    const believed = (Array.isArray(keys) ? keys : []).filter((key) => typeof key === 'object' && key !== null);
    return staticKeySet({ keys: believed.map(({ use: _, ...jwk }: { use?: unknown }) => jwk) });
  },

  choking({ store, ...options }) {
    const keys = createGoogleKeySet({ ...options, ...(store && { store }) });
    return {
      ...delegating(() => keys),
      preload: async () => (store ? void JSON.parse(`${await store.get('keys')}`) : keys.preload()),
    };
  },
} satisfies Record<string, CreateKeySet>;

function delegating(keys: () => KeySet): KeySet {
  return {
    get: (kid, request) => keys().get(kid, request),
    preload: () => keys().preload(),
    status: () => keys().status(),
    snapshot: () => keys().snapshot(),
  };
}
