import type { KeySet, VerificationKey } from './key-set.ts';

/** The key with this id if it is at hand and nothing is due; `undefined` says only that `get()` must be asked. */
export type Peek = (kid: string) => VerificationKey | undefined;

// Beside the key sets, not in them: one that wraps another one and has a `get()` of its own must not be passed by.
const peeks = new WeakMap<KeySet, { readonly get: KeySet['get']; readonly peek: Peek }>();

/** Lets the verifier look up keys of this key set without waiting. */
export function withPeek(keys: KeySet, peek: Peek): KeySet {
  peeks.set(keys, { get: keys.get, peek });
  return keys;
}

export function peekKey(keys: KeySet, kid: string): VerificationKey | undefined {
  const known = peeks.get(keys);
  return known?.get === keys.get ? known?.peek(kid) : undefined;
}
