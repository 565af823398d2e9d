import { createGoogleKeySet } from './google-key-set.ts';
import type { KeySet } from './key-set.ts';

let shared: KeySet | undefined;

/** The key set of all verifiers of this process that were not given one. Made at first use. */
export function sharedKeySet(): KeySet {
  shared ??= createGoogleKeySet();
  return shared;
}
