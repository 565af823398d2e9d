import { createGoogleKeySet, type KeySetStore } from '@id-token-guard/core';
import { createRemoteJWKSet, customFetch } from 'jose';

/** Of a Google of its own: under the real URL, keys of a fake one do not get into a store. */
const KEYS_URL = 'https://fake-google.invalid/oauth2/v3/certs';

/** A way for an isolate to come by Google's keys. */
export interface Strategy {
  readonly name: string;
  start(surroundings: Surroundings): LookUp;
}

/** What an isolate has around it. */
interface Surroundings {
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => number;
  readonly store: KeySetStore;
  readonly waitUntil: (promise: Promise<unknown>) => void;
}

/** Whether the key of a good token is found. A rejection counts as no. */
type LookUp = (kid: string) => Promise<boolean>;

export const withoutStore: Strategy = {
  name: 'id-token-guard',
  start: (surroundings) => lookUpIn({ ...surroundings, store: undefined }),
};

export const withStore: Strategy = {
  name: 'id-token-guard with a store',
  start: lookUpIn,
};

/** What many services use: jose's remote key set as it comes, which keeps keys for ten minutes and never longer. */
export const tenMinutes: Strategy = {
  name: 'jose: ten-minute cache',
  start({ fetch }) {
    const getKey = createRemoteJWKSet(new URL(KEYS_URL), { [customFetch]: fetch });
    return async (kid) => (await getKey({ alg: 'RS256', kid }, { payload: '', signature: '' })) !== undefined;
  },
};

export const strategies: readonly Strategy[] = [tenMinutes, withoutStore, withStore];

function lookUpIn(surroundings: Omit<Surroundings, 'store'> & { store: KeySetStore | undefined }): LookUp {
  const { fetch, now, store, waitUntil } = surroundings;
  const keys = createGoogleKeySet({ url: KEYS_URL, fetch, now, store });
  let hasAccepted = false;
  return async (kid) => {
    // As the verifier judges the callers of good tokens.
    const unknownKid = () => (hasAccepted ? 'familiar' : 'stranger');
    const isFound = (await keys.get(kid, { unknownKid, waitUntil })) !== undefined;
    hasAccepted ||= isFound;
    return isFound;
  };
}
