import type { TokenHeader } from './bearer.ts';
import type { GuardEvent } from './events.ts';
import type { RequestHeaders } from './request-headers.ts';
import type { GoogleIdToken } from './token.ts';

/*
 * What this library has made itself: verifiers, and the tokens that they have accepted. A guard takes nothing else for
 * one. Whatever only looks like one, as a passport with its `authenticate`, is none.
 *
 * All copies of this package in a process share one registry: a program may import one and require the other, and a test
 * may load the package anew. Nothing gets into it by accident, and whoever puts something in runs code in the process.
 */

/** What a guard needs of a verifier beside what it shows. */
export interface Inside {
  /** As it was made: somebody may have put another function in its place since. */
  readonly authenticate: unknown;
  /** The same, and it answers or throws at once where there is nothing to wait for. */
  authenticateNow(
    headers: RequestHeaders | null | undefined,
    header: TokenHeader,
    context: { readonly url?: string | undefined },
  ): GoogleIdToken | Promise<GoogleIdToken>;
  readonly onEvent: ((event: GuardEvent) => void) | undefined;
}

/** Changes when a guard needs something of a verifier that those of older copies do not do. */
const REGISTRY = Symbol.for('id-token-guard.made-1');

interface Registry {
  readonly verifiers: WeakMap<object, Inside>;
  readonly tokens: WeakSet<object>;
}

/** Marks a verifier as made here. */
export function brandVerifier<Verifier extends object>(verifier: Verifier, inside: Inside): Verifier {
  registry().verifiers.set(verifier, inside);
  return verifier;
}

export function isBrandedVerifier(value: object): boolean {
  return registry().verifiers.has(value);
}

/** What only guards may use of a verifier; `undefined` where it was not made here. */
export function insideOf(verifier: object): Inside | undefined {
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
