import { createGoogleKeySet, GOOGLE_JWKS_URL, type GoogleKeySetOptions, type KeySet } from '@id-token-guard/core';
import { base64url } from 'jose';
import { type IdTokenClaims, type IdTokenHeader, idTokenClaims, idTokenHeader } from './id-token.ts';
import { answerJwks, type JwksAnswer } from './jwks-answer.ts';
import { createMswHandlers, type MswHandlers } from './msw-handlers.ts';
import type { FakeGoogleServer, ListenOptions } from './server.ts';
import { createSigningKey, type PublicJwk } from './signing-key.ts';

/** Options of {@link createFakeGoogle}. */
export interface FakeGoogleOptions {
  /** The clock that tokens are issued by: milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
}

/** What {@link FakeGoogle.rotateKeys} does with the key that signed until now. */
export interface RotateKeysOptions {
  /** Stop publishing it at once, as after a leak. By default it stays published until the next rotation. */
  readonly withdrawOld?: boolean;
}

/** A Google of your own: real keys, real signatures, no network. */
export interface FakeGoogle {
  /**
   * Handlers for msw: `setupServer(...google.handlers)` makes the real URL of Google's keys answer from memory.
   *
   * @throws Error where msw is not installed
   */
  readonly handlers: MswHandlers;
  /** The keys that are published now. */
  readonly jwks: { readonly keys: readonly PublicJwk[] };
  /** How often the keys have been asked for, in whatever way. */
  readonly jwksRequests: number;
  /** Answers requests for the keys from memory; any other URL is an error. */
  readonly fetch: typeof globalThis.fetch;
  /** A key set of this Google for the `keys` option of a guard: it works as in production, without a network. */
  keySet(options?: Omit<GoogleKeySetOptions, 'fetch' | 'url'>): KeySet;
  /**
   * Makes an ID token that is good unless you say otherwise: what you give replaces the default claim or header; what
   * you give as `undefined` is left out. Without `email` it is like the token of a VM: only `sub` says who is calling.
   */
  idToken(claims: IdTokenClaims, header?: IdTokenHeader): Promise<string>;
  /** Signs any header and payload with the current key: objects become JSON, strings and bytes stay as they are. */
  sign(header: unknown, payload: unknown): Promise<string>;
  /** Signs with a new key from now on, and publishes it. Returns its id. */
  rotateKeys(options?: RotateKeysOptions): Promise<string>;
  /** Sets how requests for the keys are answered from now on. */
  answerWith(answer: JwksAnswer): void;
  /** Serves the keys, a token endpoint and a metadata server over HTTP on loopback. Node.js only. */
  listen(options?: ListenOptions): Promise<FakeGoogleServer>;
}

/** Makes a fake Google with an RSA key pair of its own. Tests only: nothing that it signs is worth anything elsewhere. */
export async function createFakeGoogle(options: FakeGoogleOptions = {}): Promise<FakeGoogle> {
  const now = options.now ?? Date.now;
  const handlersOrError = await createMswHandlers(answer);
  let current = await createSigningKey();
  let published: readonly PublicJwk[] = [current.publicJwk];
  let jwksAnswer: JwksAnswer = 'ok';
  let jwksRequests = 0;

  const google: FakeGoogle = {
    get handlers() {
      if (handlersOrError instanceof Error) {
        throw handlersOrError;
      }
      return handlersOrError;
    },
    get jwks() {
      return { keys: published };
    },
    get jwksRequests() {
      return jwksRequests;
    },
    fetch: fetchFromMemory,
    keySet: (keySetOptions = {}) => createGoogleKeySet({ now, ...keySetOptions, fetch: fetchFromMemory }),
    idToken: (claims, header = {}) => sign(idTokenHeader(current.kid, header), idTokenClaims(now(), claims)),
    sign,
    async rotateKeys({ withdrawOld = false } = {}) {
      const previous = current;
      current = await createSigningKey();
      published = withdrawOld ? [current.publicJwk] : [current.publicJwk, previous.publicJwk];
      return current.kid;
    },
    answerWith(answer) {
      jwksAnswer = answer;
    },
    async listen(listenOptions) {
      const { serve } = await import('./server.ts');
      return serve(google, answer, now, listenOptions);
    },
  };
  return google;

  async function answer(signal?: AbortSignal | null): Promise<Response> {
    jwksRequests += 1;
    return answerJwks(jwksAnswer, published, signal);
  }

  async function fetchFromMemory(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const url = input instanceof Request ? input.url : String(input);
    if (url !== GOOGLE_JWKS_URL) {
      throw new TypeError('The fake Google knows no other URL than that of the keys.');
    }
    return answer(init?.signal);
  }

  async function sign(header: unknown, payload: unknown): Promise<string> {
    const signed = `${encode(header)}.${encode(payload)}`;
    const bytes = new TextEncoder().encode(signed);
    const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', current.privateKey, bytes);
    return `${signed}.${base64url.encode(new Uint8Array(signature))}`;
  }
}

function encode(part: unknown): string {
  return base64url.encode(typeof part === 'string' || part instanceof Uint8Array ? part : JSON.stringify(part));
}
