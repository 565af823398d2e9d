import { checkedTokenHeader, readBearer, type TokenHeader } from './bearer.ts';
import { brandToken, brandVerifier } from './brand.ts';
import { askCallerRules, callerOf, requireYes } from './caller.ts';
import type { CallerAnswer } from './caller-rule.ts';
import { tellingOfChange } from './changed-header.ts';
import { type ClaimRules, checkClaims, recheckClaims } from './claims.ts';
import { type GoogleIdTokenError, isGoogleIdTokenError } from './errors.ts';
import { emit, type GuardEvent } from './events.ts';
import { deepFreeze } from './freeze.ts';
import type { JsonObject } from './json.ts';
import { findKey, type NamesKey } from './keys/find-key.ts';
import type { KeyRequest, KeySet, UnknownKid, VerificationKey } from './keys/key-set.ts';
import { peekKey } from './keys/peek.ts';
import { createLru, type Lru } from './lru.ts';
import { type ParsedToken, parseToken } from './parse.ts';
import { headerOf, type RequestHeaders } from './request-headers.ts';
import { verifySignature } from './signature.ts';
import { isThenable } from './thenable.ts';
import { asError } from './thrown.ts';
import type { GoogleIdToken, GoogleIdTokenHeader } from './token.ts';
import { type CachedToken, createTokenCache, type TokenCache } from './token-cache.ts';
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
  const { rules: standing, callers, keys, tokenCacheSize, now, onEvent } = checkedOptions(options);
  // Made when the first token is accepted: a process may have very many verifiers, and most of them idle.
  let cache: TokenCache | undefined;
  let familiarSubjects: Lru<true> | undefined;

  const verifier: GoogleIdTokenVerifier = {
    verify: (token, context = {}) => promised(() => check(token, context)),
    authenticate: (headers, context = {}) =>
      promised(() => authenticateNow(headers, checkedTokenHeader(context.header), context)),
    keys,
  };
  return brandVerifier(verifier, { authenticate: verifier.authenticate, authenticateNow, onEvent });

  function authenticateNow(
    headers: RequestHeaders | null | undefined,
    header: TokenHeader,
    context: AuthenticateContext,
  ): GoogleIdToken | Promise<GoogleIdToken> {
    let token: string;
    try {
      token = readBearer(headers, header);
    } catch (thrown) {
      throw refusalOf(thrown, { kid: undefined, fromCache: false }, headers, header);
    }
    return check(token, context, headers ?? null, header);
  }

  /** Answers, or throws, at once where there is nothing to wait for: senders use one token for many requests. */
  function check(
    token: string,
    context: AuthenticateContext,
    headers?: RequestHeaders | null,
    header?: TokenHeader,
  ): GoogleIdToken | Promise<GoogleIdToken> {
    const trace: Trace = { kid: undefined, fromCache: false };
    try {
      const rules = rulesFor(standing, headers, context);
      const cached = cache?.get(token);
      trace.kid = cached?.key.kid;
      const verified =
        cached !== undefined && peekKey(keys, cached.key.kid) === cached.key
          ? recheckVerified(cached, rules, now(), trace)
          : verifyAgain(token, cached, { owner: verifier, onEvent, waitUntil: context.waitUntil }, rules, trace);
      if (isThenable(verified)) {
        return checkLater(verified, trace);
      }
      const answer = askCallerRules(verified.token, callers);
      return typeof answer === 'object' ? checkLater(verified, trace, answer) : accept(token, verified, answer, trace);
    } catch (thrown) {
      throw refusalOf(thrown, trace, headers, header);
    }

    /** The rest of it, behind whatever takes its time. */
    async function checkLater(
      pending: CachedToken | Promise<CachedToken>,
      trace: Trace,
      answer?: CallerAnswer,
    ): Promise<GoogleIdToken> {
      try {
        const verified = await pending;
        return accept(token, verified, await (answer ?? askCallerRules(verified.token, callers)), trace);
      } catch (thrown) {
        throw refusalOf(thrown, trace, headers, header);
      }
    }
  }

  function accept(token: string, verified: CachedToken, answer: true | string, trace: Trace): GoogleIdToken {
    requireYes(answer);
    if (!trace.fromCache) {
      // Only now: callers that are not allowed must not push those that are out.
      cache ??= createTokenCache(tokenCacheSize);
      cache.set(token, verified);
      familiarSubjects ??= createLru(MAX_FAMILIAR_SUBJECTS);
      familiarSubjects.set(verified.token.claims.sub, true);
      brandToken(verified.token);
    }
    reportAccepted(onEvent, verified.token, trace);
    return verified.token;
  }

  function refusalOf(
    thrown: unknown,
    trace: Trace,
    headers: RequestHeaders | null | undefined,
    header: TokenHeader | undefined,
  ): Error {
    const error = tellingOfChange(asError(thrown), headers, header);
    reportRefused(onEvent, error, trace);
    return error;
  }

  /** Verifies a token that is new, or whose key is not at hand. */
  function verifyAgain(
    token: string,
    cached: CachedToken | undefined,
    request: KeyRequest,
    rules: ClaimRules,
    trace: Trace,
  ): CachedToken | Promise<CachedToken> {
    if (cached === undefined) {
      return verifyUnseen(parseToken(token), request, rules, trace);
    }
    return findKeyOf(namesOf(cached), request, rules).then((key) =>
      // As long as the very key that verified it is still in the key set.
      key === cached.key
        ? recheckVerified(cached, rules, now(), trace)
        : verifyUnseen(parseToken(token), request, rules, trace),
    );
  }

  function verifyUnseen(
    parsed: ParsedToken,
    request: KeyRequest,
    rules: ClaimRules,
    trace: Trace,
  ): CachedToken | Promise<CachedToken> {
    trace.kid = parsed.kid;
    const key = peekKey(keys, parsed.kid);
    return key === undefined
      ? findKeyOf(parsed, request, rules).then((found) => verifyBy(found, parsed, rules))
      : verifyBy(key, parsed, rules);
  }

  function verifyBy(key: VerificationKey, parsed: ParsedToken, rules: ClaimRules): CachedToken | Promise<CachedToken> {
    const waiting = verifySignature(parsed, key);
    return waiting === undefined
      ? believe(parsed, key, rules, now())
      : waiting.then(() => believe(parsed, key, rules, now()));
  }

  function findKeyOf(token: NamesKey, request: KeyRequest, rules: ClaimRules): Promise<VerificationKey> {
    return findKey(keys, token, request, () => judgeUnknownKid(token, rules, now(), familiarSubjects));
  }
}

/** A token that would be refused with any key must not cost a fetch. */
function judgeUnknownKid(
  { unverifiedClaims }: NamesKey,
  rules: ClaimRules,
  now: number,
  familiarSubjects: Lru<true> | undefined,
): UnknownKid {
  try {
    const { sub } = checkClaims(unverifiedClaims, rules, now);
    return familiarSubjects?.has(sub) ? 'familiar' : 'stranger';
  } catch {
    return 'implausible'; // Also where an audience rule throws: nobody has signed what it was given.
  }
}

/** What may have changed since a token was verified, but for its key. */
function recheckVerified(cached: CachedToken, rules: ClaimRules, now: number, trace: Trace): CachedToken {
  trace.fromCache = true;
  recheckClaims(cached.token.claims, rules, now);
  return cached;
}

/** Only a token whose signature has been verified gets here. */
function believe(parsed: ParsedToken, key: VerificationKey, rules: ClaimRules, now: number): CachedToken {
  const claims = checkClaims(parsed.unverifiedClaims, rules, now);
  const header = parsed.header as GoogleIdTokenHeader;
  return { token: deepFreeze({ claims, header, caller: callerOf(claims) }), key };
}

/** Only an audience rule can look at the request. */
function rulesFor(
  rules: ClaimRules,
  headers: RequestHeaders | null | undefined,
  { url }: AuthenticateContext,
): ClaimRules {
  return headers === undefined || rules.audience.expected !== undefined
    ? rules
    : { ...rules, request: { url, header: (name) => headerOf(headers, name) } };
}

type Listener = GoogleIdTokenVerifierOptions['onEvent'];

function reportAccepted(onEvent: Listener, { header, caller }: GoogleIdToken, { fromCache }: Trace): void {
  if (onEvent !== undefined) {
    emit(onEvent, { type: 'token_accepted', kid: header.kid, caller, fromCache });
  }
}

function reportRefused(onEvent: Listener, error: Error, { kid }: Trace): void {
  if (onEvent !== undefined && isGoogleIdTokenError(error)) {
    emit(onEvent, refusedEvent(error, kid));
  }
}

/** Refusals must be cheap: Node.js keeps account of a promise that is rejected before anybody can have handled it. */
async function promised<T>(work: () => T | Promise<T>): Promise<T> {
  let refusal: unknown;
  try {
    return await work();
  } catch (error) {
    refusal = error;
  }
  await undefined;
  throw refusal;
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
