import { createGoogleKeySet, GOOGLE_JWKS_URL, type GoogleKeySetOptions, type KeySet } from '@id-token-guard/core';
import { base64url } from 'jose';
import { createMistakes, type Mistakes } from './from/mistakes.ts';
import { createSenders, type Senders } from './from/senders.ts';
import { type IdTokenClaims, type IdTokenHeader, idTokenClaims, idTokenHeader } from './id-token.ts';
import { answerJwks, type JwksAnswer } from './jwks-answer.ts';
import { createMswHandlers, type MswHandlers } from './msw-handlers.ts';
import { createSigningKey, type PublicJwk, type SigningKey } from './signing-key.ts';

/** Options of {@link createFakeGoogle}. */
export interface FakeGoogleOptions {
  /** The clock that tokens are issued by: milliseconds since the epoch. @default Date.now(), asked each time */
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
  /** Answers requests for the keys from memory; any other URL is a TypeError. */
  readonly fetch: typeof globalThis.fetch;
  /**
   * A key set of this Google for the `keys` option of a guard: it works as in production, without a network. It has a URL
   * of its own, so that in a store or a snapshot its keys are never taken for those of the real Google.
   */
  keySet(options?: Omit<GoogleKeySetOptions, 'fetch' | 'url'>): KeySet;
  /**
   * Makes an ID token that is good unless you say otherwise: what you give replaces the default claim or header; what
   * you give as `undefined` is left out. Without `email` it is like the token of a VM: only `sub` says who is calling.
   */
  idToken(claims: IdTokenClaims, header?: IdTokenHeader): Promise<string>;
  /** Requests as Google's senders send them: tokens with exactly their claims, and their headers. */
  readonly from: Senders;
  /** Requests with what people take for an ID token and is none. */
  readonly mistakes: Mistakes;
  /** Signs any header and payload with the current key: objects become JSON, strings and bytes stay as they are. */
  sign(header: unknown, payload: unknown): Promise<string>;
  /**
   * Signs with the next key from now on, or where none has been published, with a new one. Returns its id.
   *
   * A guard has not seen a new key yet, and asks for the keys again.
   */
  rotateKeys(options?: RotateKeysOptions): Promise<string>;
  /**
   * Publishes the key that signs after the next rotation ahead of its turn, and from now on always one, as the real
   * Google does: a guard meets no unknown key then. Returns its id.
   */
  publishNextKey(): Promise<string>;
  /** Sets how requests for the keys are answered from now on. */
  answerWith(answer: JwksAnswer): void;
  /** Moves this Google's clock: by so many seconds from yours, tokens are from the past or from the future. */
  shiftTime(seconds: number): void;
  /** What time this Google has: milliseconds since the epoch. */
  now(): number;
  /**
   * The fake Google over HTTP is a package of its own.
   *
   * @deprecated Install `@id-token-guard/emulator`, and `import { listen } from '@id-token-guard/emulator'`:
   * `google.listen(options)` is now `listen(google, options)`.
   * @throws TypeError always
   */
  listen(options?: unknown): never;
}

/** RFC 6761 §6.4: under this host nobody can ever be asked. In a store, keys are kept under the name of their URL. */
const KEY_SET_URL = 'https://fake-google.invalid/oauth2/v3/certs';

/** Makes a fake Google with an RSA key pair of its own. Tests only: nothing that it signs is worth anything elsewhere. */
export async function createFakeGoogle(options: FakeGoogleOptions = {}): Promise<FakeGoogle> {
  const realNow = options.now ?? (() => Date.now());
  let shiftMillis = 0;
  const now = () => realNow() + shiftMillis;
  const handlersOrError = await createMswHandlers(answer);
  let current = await createSigningKey();
  let previous: SigningKey | undefined;
  let next: SigningKey | undefined;
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
      return { keys: published() };
    },
    get jwksRequests() {
      return jwksRequests;
    },
    fetch: fetchFromMemory,
    keySet: (keySetOptions = {}) =>
      createGoogleKeySet({ now: realNow, ...keySetOptions, fetch: fetchFromMemory, url: KEY_SET_URL }),
    idToken,
    from: createSenders({ idToken, now }),
    mistakes: createMistakes(now),
    sign,
    async rotateKeys({ withdrawOld = false } = {}) {
      const fresh = await createSigningKey();
      previous = withdrawOld ? undefined : current;
      current = next ?? fresh;
      next = next && fresh;
      return current.kid;
    },
    async publishNextKey() {
      const fresh = await createSigningKey();
      next ??= fresh;
      return next.kid;
    },
    answerWith(answer) {
      jwksAnswer = answer;
    },
    shiftTime(seconds) {
      shiftMillis = seconds * 1000;
    },
    now,
    listen() {
      throw new TypeError(
        "google.listen() is in a package of its own: install @id-token-guard/emulator, import { listen } from '@id-token-guard/emulator', and call listen(google, options).",
      );
    },
  };
  return google;

  function published(): readonly PublicJwk[] {
    return [current, next, previous].flatMap((key) => key?.publicJwk ?? []);
  }

  async function answer(signal?: AbortSignal | null): Promise<Response> {
    jwksRequests += 1;
    return answerJwks(jwksAnswer, published(), signal);
  }

  async function fetchFromMemory(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const url = input instanceof Request ? input.url : String(input);
    if (url !== GOOGLE_JWKS_URL && url !== KEY_SET_URL) {
      throw new TypeError('The fake Google knows no other URL than that of the keys.');
    }
    return answer(init?.signal);
  }

  function idToken(claims: IdTokenClaims, header: IdTokenHeader = {}): Promise<string> {
    return sign(idTokenHeader(current.kid, header), idTokenClaims(now(), claims));
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
