import type { GuardEvent } from './events.ts';

/*
 * What this library has made itself: verifiers, and the tokens that they have accepted. A guard takes nothing else for
 * one. Whatever only looks like one, as a passport with its `authenticate`, is none.
 *
 * All copies of this package in a process share one registry: a program may import one and require the other, and a test
 * may load the package anew. Nothing gets into it by accident, and whoever puts something in runs code in the process.
 */

/** Is told of what happens to a request before its token is verified. */
type Listener = ((event: GuardEvent) => void) | undefined;

/** Changes when a guard needs something of a verifier that those of older copies do not do. */
const REGISTRY = Symbol.for('id-token-guard.made-1');

interface Registry {
  readonly verifiers: WeakMap<object, Listener>;
  readonly tokens: WeakSet<object>;
}

/** Marks a verifier as made here, with the listener that it was given. */
export function brandVerifier<Verifier extends object>(verifier: Verifier, onEvent: Listener): Verifier {
  registry().verifiers.set(verifier, onEvent);
  return verifier;
}

export function isBrandedVerifier(value: object): boolean {
  return registry().verifiers.has(value);
}

/** The listener that a verifier was given when it was made. */
export function listenerOf(verifier: object): Listener {
  return registry().verifiers.get(verifier);
}

/** Marks a token as accepted here. */
export function brandToken(token: object): void {
  registry().tokens.add(token);
}

export function isBrandedToken(value: unknown): boolean {
  return registry().tokens.has(value as object);
}

let known: Registry | undefined;

function registry(): Registry {
  known ??= sharedRegistry();
  return known;
}

function sharedRegistry(): Registry {
  const global = globalThis as { readonly [REGISTRY]?: Registry };
  const own: Registry = Object.freeze({ verifiers: new WeakMap(), tokens: new WeakSet() });
  if (global[REGISTRY] === undefined) {
    // Where nothing can be added to the global object, each copy has a registry of its own.
    Reflect.defineProperty(globalThis, REGISTRY, { value: own });
  }
  return global[REGISTRY] ?? own;
}
