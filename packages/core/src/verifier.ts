import { LRUCache } from 'lru-cache';
import { checkedTokenHeader, readBearer, type TokenHeader } from './bearer.ts';
import { brandToken, brandVerifier } from './brand.ts';
import { askCallerRules, callerOf, requireYes } from './caller.ts';
import { type ClaimRules, checkClaims, recheckClaims } from './claims.ts';
import { type GoogleIdTokenError, isGoogleIdTokenError } from './errors.ts';
import { emit, type GuardEvent } from './events.ts';
import { deepFreeze } from './freeze.ts';
import type { JsonObject } from './json.ts';
import { findKey, type NamesKey } from './keys/find-key.ts';
import type { KeyRequest, KeySet, UnknownKid, VerificationKey } from './keys/key-set.ts';
import { peekKey } from './keys/peek.ts';
import { type ParsedToken, parseToken } from './parse.ts';
import { headerOf, type RequestHeaders } from './request-headers.ts';
import { verifySignature } from './signature.ts';
import { asError } from './thrown.ts';
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
  /**
   * Path and query as they were received (`req.originalUrl`), or the whole URL (`request.url`), for an `audience` that
   * looks at the request, such as `requestUrl()`.
   */
  readonly url?: string | undefined;
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
   * With Node.js pass `nodeHeaders(req)`: in `req.headers` a second `Authorization` header goes unnoticed. No headers at
   * all, as in the test call of a gateway, are a request without a token.
   *
   * @throws GoogleIdTokenError
   * @throws TypeError where the context names a header that may not carry a token, or the headers are none, as a request
   */
  authenticate(headers: RequestHeaders | null | undefined, context?: AuthenticateContext): Promise<GoogleIdToken>;
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

  const verifier: GoogleIdTokenVerifier = {
    verify: (token, context = {}) => check(() => token, context),
    authenticate: (headers, context = {}) =>
      check(() => readBearer(headers, checkedTokenHeader(context.header)), context, headers),
    keys,
  };
  return brandVerifier(verifier, onEvent);

  async function check(
    readToken: () => string,
    context: AuthenticateContext,
    headers?: RequestHeaders | null,
  ): Promise<GoogleIdToken> {
    const trace: Trace = { kid: undefined, fromCache: false };
    try {
      const token = readToken();
      const rules = rulesFor(headers, context);
      const request: KeyRequest = { owner: verifier, onEvent, waitUntil: context.waitUntil };
      const cached = cache.get(token);
      trace.kid = cached?.key.kid;
      // Nobody waits for what is at hand: senders use one token for many requests.
      const key = cached && (peekKey(keys, cached.key.kid) ?? (await findKeyOf(namesOf(cached), request, rules)));
      const verified =
        recheckVerified(cached, key, rules, trace) ?? (await verifyUnseen(parseToken(token), request, rules, trace));
      const answer = askCallerRules(verified.token, callers);
      requireYes(answer === true ? true : await answer);
      if (!trace.fromCache) {
        // Only now: callers that are not allowed must not push those that are out.
        cache.set(token, verified);
        familiarSubjects.set(verified.token.claims.sub, true);
        brandToken(verified.token);
      }
      reportAccepted(verified.token, trace);
      return verified.token;
    } catch (thrown) {
      const error = asError(thrown);
      reportRefused(error, trace);
      // Refusals must be cheap: Node.js keeps account of a promise that is rejected before anybody can have handled it.
      await undefined;
      throw error;
    }
  }

  /** Only an audience rule can look at the request. */
  function rulesFor(headers: RequestHeaders | null | undefined, { url }: AuthenticateContext): ClaimRules {
    return headers === undefined || rules.audience.expected !== undefined
      ? rules
      : { ...rules, request: { url, header: (name) => headerOf(headers, name) } };
  }

  /** A token that was verified before, as long as the very key that verified it is still in the key set. */
  function recheckVerified(
    cached: CachedToken | undefined,
    key: VerificationKey | undefined,
    rules: ClaimRules,
    trace: Trace,
  ): CachedToken | undefined {
    if (cached === undefined || cached.key !== key) {
      return undefined;
    }
    trace.fromCache = true;
    recheckClaims(cached.token.claims, rules, now());
    return cached;
  }

  async function verifyUnseen(
    parsed: ParsedToken,
    request: KeyRequest,
    rules: ClaimRules,
    trace: Trace,
  ): Promise<CachedToken> {
    trace.kid = parsed.kid;
    const key = peekKey(keys, parsed.kid) ?? (await findKeyOf(parsed, request, rules));
    await verifySignature(parsed, key);
    const claims = checkClaims(parsed.unverifiedClaims, rules, now());
    const header = parsed.header as GoogleIdTokenHeader;
    return { token: deepFreeze({ claims, header, caller: callerOf(claims) }), key };
  }

  function findKeyOf(token: NamesKey, request: KeyRequest, rules: ClaimRules): Promise<VerificationKey> {
    return findKey(keys, token, request, () => judgeUnknownKid(token, rules));
  }

  /** A token that would be refused with any key must not cost a fetch. */
  function judgeUnknownKid({ unverifiedClaims }: NamesKey, rules: ClaimRules): UnknownKid {
    try {
      const { sub } = checkClaims(unverifiedClaims, rules, now());
      return familiarSubjects.has(sub) ? 'familiar' : 'stranger';
    } catch {
      return 'implausible'; // Also where an audience rule throws: nobody has signed what it was given.
    }
  }

  function reportAccepted({ header, caller }: GoogleIdToken, { fromCache }: Trace): void {
    if (onEvent !== undefined) {
      emit(onEvent, { type: 'token_accepted', kid: header.kid, caller, fromCache });
    }
  }

  function reportRefused(error: Error, { kid }: Trace): void {
    if (onEvent !== undefined && isGoogleIdTokenError(error)) {
      emit(onEvent, refusedEvent(error, kid));
    }
  }
}

function namesOf({ key, token }: CachedToken): NamesKey {
  return { kid: key.kid, unverifiedClaims: token.claims as unknown as JsonObject };
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
    ...(claim && { claim }),
    ...(hint && { hint }),
    // Whoever made the token chose its key id: only one that looks like Google's is fit for a log.
    ...(kid && /^[0-9a-f]{40}$/.test(kid) && { kid }),
  };
}
