import type { KeySetEvent } from '../events.ts';

/**
 * Where Google publishes the keys that it signs ID tokens with.
 *
 * @see https://accounts.google.com/.well-known/openid-configuration (`jwks_uri`)
 */
export const GOOGLE_JWKS_URL = 'https://www.googleapis.com/oauth2/v3/certs';

/** A key of Web Cryptography, as the types of the runtime have it: those of the DOM, of Node.js, or of Workers. */
type CryptoKey = typeof globalThis extends { crypto: { subtle: { importKey(...args: never[]): Promise<infer Key> } } }
  ? Key
  : object;

/**
 * A public key of Google, as the runtime has it and as numbers: signatures are verified with whichever of the two is
 * quicker. The same key stays the same object across refreshes.
 */
export interface VerificationKey {
  readonly kid: string;
  readonly publicKey: CryptoKey;
  /** The modulus, base64url. */
  readonly n: string;
  /** The public exponent, base64url. */
  readonly e: string;
}

/** Where the verifier gets keys from: `createGoogleKeySet()`, `staticKeySet(jwks)`, or your own. */
export interface KeySet {
  /**
   * The key with this id; `undefined` where there is none.
   *
   * Where nobody has looked, `undefined` would refuse a token that may be good: throw then, and say when to come back.
   *
   * @throws GoogleIdTokenError `keys_unavailable` where the keys cannot be had, or not yet
   */
  get(kid: string, request?: KeyRequest): Promise<VerificationKey | undefined>;
  /**
   * Makes sure that there are keys, and fetches them where that is due: for the start, and for readiness probes. Rejects
   * with `keys_unavailable` where there are none.
   */
  preload(): Promise<void>;
  /** How the key set is, without changing it: for dashboards. A readiness probe calls `preload()`, which also fetches. */
  status(): KeySetStatus;
  /** The keys as plain JSON, to start another process or isolate from; `undefined` where there are none. */
  snapshot(): KeySetSnapshot | undefined;
}

/** What the verifier tells a key set about the request that needs a key. */
export interface KeyRequest {
  /** Asked only when the key id is unknown. Left out: an unknown key id costs no fetch. */
  readonly unknownKid?: () => UnknownKid;
  /**
   * Whose request it is: fetches for unknown key ids are rationed for each owner apart. A verifier names itself; those
   * who name nobody share one ration.
   */
  readonly owner?: object | undefined;
  /** Is told what this request causes in the key set. */
  readonly onEvent?: ((event: KeySetEvent) => void) | undefined;
  /** Keeps an edge runtime alive until a background refresh is done. */
  readonly waitUntil?: ((promise: Promise<unknown>) => void) | undefined;
}

/**
 * What an unknown key id may cost, judged by the unverified claims beside it.
 *
 * `implausible`: nothing, the token would be refused with any key. `stranger`: a fetch, if there is more than one left
 * to spend. `familiar`: a fetch, even the last one: the token names a subject that has called before with a good token.
 * Where there is none to spend, `get()` rejects with `keys_unavailable`, and says when there will be.
 */
export type UnknownKid = 'implausible' | 'stranger' | 'familiar';

/** How a key set is. */
export interface KeySetStatus {
  /** `empty`: no keys yet; `fresh`; `stale`: past freshness and still in use; `expired`: too old to use. */
  readonly state: 'empty' | 'fresh' | 'stale' | 'expired';
  /** Tokens can be verified without waiting for Google. */
  readonly usable: boolean;
  readonly keyIds: readonly string[];
  /** Since the keys were fetched. */
  readonly ageSeconds?: number;
  /** Until the keys become stale; negative since then. */
  readonly freshForSeconds?: number;
  /** Until the keys cannot be used any more. */
  readonly usableForSeconds?: number;
  /** Why the last refresh failed; gone after one that succeeded. */
  readonly lastError?: Error;
  /** While refreshes fail: when a request may cause the next attempt. */
  readonly nextAttemptInSeconds?: number;
}

/** A key set as plain JSON. */
export interface KeySetSnapshot {
  readonly version: 1;
  /** Where the keys were fetched from. */
  readonly url: string;
  /** Milliseconds since the epoch. */
  readonly fetchedAt: number;
  /** How long the keys are fresh, from `fetchedAt`. */
  readonly freshForSeconds: number;
  /** Public RSA keys as in a JWKS. Those of a fake Google say so. */
  readonly keys: readonly {
    readonly kty: 'RSA';
    readonly kid: string;
    readonly n: string;
    readonly e: string;
    readonly fake?: true;
  }[];
}

/** A place that a fleet shares its keys through. Whoever can write to it can make tokens pass: guard it like the code. */
export interface KeySetStore {
  /**
   * What is kept under this name: the text, its bytes, or the object that a client has made of it, which is as good as
   * the text; `null` or `undefined` where there is nothing.
   */
  get(name: string): Promise<unknown>;
  /** Keeps a text under this name for so long. */
  set(name: string, text: string, ttlSeconds: number): Promise<unknown>;
}
