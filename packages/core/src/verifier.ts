import { LRUCache } from 'lru-cache';
import { type RequestHeaders, readBearer, TOKEN_HEADERS, type TokenHeader } from './bearer.ts';
import { callerOf, checkCaller } from './caller.ts';
import { checkClaims } from './claims.ts';
import { type GoogleIdTokenError, isGoogleIdTokenError } from './errors.ts';
import { emit, type GuardEvent } from './events.ts';
import { deepFreeze } from './freeze.ts';
import { findKey, type KeyRequest, type KeySet, type UnknownKid } from './keys.ts';
import { type ParsedToken, parseToken } from './parse.ts';
import { verifySignature } from './signature.ts';
import type { GoogleIdToken, GoogleIdTokenHeader } from './token.ts';
import { type CachedToken, createTokenCache } from './token-cache.ts';
import { checkedOptions, type GoogleIdTokenVerifierOptions } from './verifier-options.ts';

/** What one verification may be told. */
export interface VerifyContext {
  /** Keeps an edge runtime alive until a background refresh of the keys is done: `ctx.waitUntil`. */
  readonly waitUntil?: ((promise: Promise<unknown>) => void) | undefined;
}

/** What the verification of a request may be told. */
export interface AuthenticateContext extends VerifyContext {
  /** The one header that carries the token. @default 'authorization' */
  readonly header?: TokenHeader | undefined;
}

/** Verifies Google-signed ID tokens. */
export interface GoogleIdTokenVerifier {
  /**
   * Verifies a token: form, signature, issuer, audience, time and caller.
   *
   * It does not check `nonce` or `azp`, nor that a token is used only once: Google's senders use one for many requests.
   *
   * @throws GoogleIdTokenError
   */
  verify(token: string, context?: VerifyContext): Promise<GoogleIdToken>;
  /**
   * Takes the Bearer token from the headers of a request and verifies it.
   *
   * With Node.js pass `nodeHeaders(req)`: in `req.headers` a second `Authorization` header goes unnoticed.
   *
   * @throws GoogleIdTokenError
   */
  authenticate(headers: RequestHeaders, context?: AuthenticateContext): Promise<GoogleIdToken>;
  /** Where the keys come from, to preload, inspect or snapshot them. */
  readonly keys: KeySet;
}

/** How many subjects of accepted tokens are remembered; see `UnknownKid`. */
const MAX_FAMILIAR_SUBJECTS = 1000;

/**
 * Makes a verifier. Make one per audience and keep it: it remembers keys and verified tokens.
 *
 * @throws TypeError that names a wrong option
 */
export function createGoogleIdTokenVerifier(options: GoogleIdTokenVerifierOptions): GoogleIdTokenVerifier {
  const { rules, callers, keys, tokenCacheSize, now, onEvent } = checkedOptions(options);
  const cache = createTokenCache(tokenCacheSize);
  const familiarSubjects = new LRUCache<string, true>({ max: MAX_FAMILIAR_SUBJECTS });

  return {
    verify: (token, context = {}) => observed((trace) => check(token, context, trace)),
    authenticate: (headers, context = {}) =>
      observed((trace) => check(readBearer(headers, tokenHeader(context)), context, trace)),
    keys,
  };

  async function check(token: string, context: VerifyContext, trace: Trace): Promise<GoogleIdToken> {
    const request: KeyRequest = { onEvent, waitUntil: context.waitUntil };
    const verified = (await recheckVerified(token, request, trace)) ?? (await verifyUnseen(token, request, trace));
    await checkCaller(verified.token, callers);
    if (!trace.fromCache) {
      cache.set(token, verified); // Only now: callers that are not allowed must not push those that are out.
    }
    familiarSubjects.set(verified.token.claims.sub, true);
    return verified.token;
  }

  /** A token that was verified before, as long as the very key that verified it is still in the key set. */
  async function recheckVerified(token: string, request: KeyRequest, trace: Trace): Promise<CachedToken | undefined> {
    const cached = cache.get(token);
    if (cached === undefined) {
      return undefined;
    }
    const key = await keys.get(cached.key.kid, request);
    if (key !== cached.key) {
      cache.delete(token);
      return undefined;
    }
    trace.kid = cached.key.kid;
    trace.fromCache = true;
    checkClaims(cached.token.claims, rules, now());
    return cached;
  }

  async function verifyUnseen(token: string, request: KeyRequest, trace: Trace): Promise<CachedToken> {
    const parsed = parseToken(token);
    trace.kid = parsed.kid;
    const key = await findKey(keys, parsed, { ...request, unknownKid: () => judgeUnknownKid(parsed) });
    await verifySignature(parsed, key);
    const claims = checkClaims(parsed.unverifiedClaims, rules, now());
    const header = parsed.header as GoogleIdTokenHeader;
    return { token: deepFreeze({ claims, header, caller: callerOf(claims) }), key };
  }

  /** A token that would be refused with any key must not cost a fetch. */
  function judgeUnknownKid({ unverifiedClaims }: ParsedToken): UnknownKid {
    try {
      const { sub } = checkClaims(unverifiedClaims, rules, now());
      return familiarSubjects.has(sub) ? 'familiar' : 'stranger';
    } catch {
      return 'implausible'; // Also where an audience rule throws: nobody has signed what it was given.
    }
  }

  async function observed(work: (trace: Trace) => Promise<GoogleIdToken>): Promise<GoogleIdToken> {
    const trace: Trace = { kid: undefined, fromCache: false };
    try {
      const token = await work(trace);
      emit(onEvent, {
        type: 'token_accepted',
        kid: token.header.kid,
        caller: token.caller,
        fromCache: trace.fromCache,
      });
      return token;
    } catch (error) {
      if (isGoogleIdTokenError(error)) {
        emit(onEvent, refusedEvent(error, trace.kid));
      }
      throw error;
    }
  }
}

function tokenHeader({ header = 'authorization' }: AuthenticateContext): TokenHeader {
  if (!TOKEN_HEADERS.includes(header)) {
    throw new TypeError(`"header" must be ${TOKEN_HEADERS.map((name) => `"${name}"`).join(' or ')}.`);
  }
  return header;
}

/** What is known of a verification while it runs, for events. */
interface Trace {
  kid: string | undefined;
  fromCache: boolean;
}

function refusedEvent({ code, claim, hint }: GoogleIdTokenError, kid: string | undefined): GuardEvent {
  return {
    type: 'token_refused',
    code,
    ...(claim === undefined ? {} : { claim }),
    ...(hint === undefined ? {} : { hint }),
    // Whoever made the token chose its key id: only one that looks like Google's is fit for a log.
    ...(kid !== undefined && /^[0-9a-f]{40}$/.test(kid) ? { kid } : {}),
  };
}
