/*
 * What this library has made itself: verifiers, and the tokens that they have accepted. A guard takes nothing else for
 * one. Whatever only looks like one, as a passport with its `authenticate`, is none.
 *
 * All copies of this package in a process share the two sets: a program may import one and require the other, and a test
 * may load the package anew. Nothing gets into a set by accident, and whoever puts something in runs code in the process.
 */

/** Changes when a guard needs something of a verifier that those of older copies do not do. */
const SETS = Symbol.for('id-token-guard.made-1');

interface Sets {
  readonly verifiers: WeakSet<object>;
  readonly tokens: WeakSet<object>;
}

/** Marks a verifier as made here. */
export function brandVerifier<Verifier extends object>(verifier: Verifier): Verifier {
  sets().verifiers.add(verifier);
  return verifier;
}

export function isBrandedVerifier(value: object): boolean {
  return sets().verifiers.has(value);
}

/** Marks a token as accepted here. */
export function brandToken(token: object): void {
  sets().tokens.add(token);
}

export function isBrandedToken(value: unknown): boolean {
  return sets().tokens.has(value as object);
}

let known: Sets | undefined;

function sets(): Sets {
  known ??= sharedSets();
  return known;
}

function sharedSets(): Sets {
  const global = globalThis as { readonly [SETS]?: Sets };
  const own: Sets = Object.freeze({ verifiers: new WeakSet(), tokens: new WeakSet() });
  if (global[SETS] === undefined) {
    // Where nothing can be added to the global object, each copy has sets of its own.
    Reflect.defineProperty(globalThis, SETS, { value: own });
  }
  return global[SETS] ?? own;
}
