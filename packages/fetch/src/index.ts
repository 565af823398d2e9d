import {
  createGuard,
  type GoogleIdToken,
  GoogleIdTokenError,
  type GoogleIdTokenVerifierOptions,
  type GuardArguments,
  type GuardOptions,
  type OptionalGuardArguments,
  type OptionalGuardOptions,
  responseOf,
  toRefusal,
} from '@id-token-guard/core';

// What users of the adapter need of core, the very same objects: one package to install, one import.
export {
  type AudienceRequest,
  type AudienceRule,
  allOf,
  anyCaller,
  anyOf,
  type Caller,
  type CallerRule,
  type ComputeInstance,
  computeInstance,
  createGoogleIdTokenVerifier,
  createGoogleKeySet,
  GOOGLE_JWKS_URL,
  type GoogleIdToken,
  type GoogleIdTokenClaims,
  type GoogleIdTokenErrorCode,
  type GoogleIdTokenVerifier,
  type GoogleIdTokenVerifierOptions,
  type GoogleKeySetOptions,
  type GuardEvent,
  isGoogleIdTokenError,
  type KeySet,
  type KeySetEvent,
  type KeySetSnapshot,
  type KeySetStatus,
  type KeySetStore,
  type Refusal,
  requestUrl,
  type ServiceAccountCaller,
  type SubjectCaller,
  serviceAccount,
  staticKeySet,
  subject,
  type TokenHeader,
  toRefusal,
  type UserCaller,
  urlsUnder,
  user,
  workspaceDomain,
} from '@id-token-guard/core';
// Imported as a type and exported from core, it would be a type only in the declarations.
export { GoogleIdTokenError };

/** Answers a refused request in place of the default answer: return a response, or throw. */
export type OnRefused = (
  error: GoogleIdTokenError,
  request: Request,
  ...rest: unknown[]
) => Response | Promise<Response>;

/** Options of the adapter, beside those of the verifier. */
export type AdapterOptions = GuardOptions<OnRefused>;

/** Options of an adapter that lets requests without a token pass: `optional: true`. */
export type OptionalAdapterOptions = OptionalGuardOptions<OnRefused>;

/**
 * A handler behind the guard: the verified token comes second, then whatever the runtime passes. With `optional: true`
 * the token may be `undefined`.
 */
export type GuardedHandler<Rest extends unknown[], Token = GoogleIdToken> = (
  request: Request,
  googleIdToken: Token,
  ...rest: Rest
) => Response | Promise<Response>;

/** What becomes of a request that was asked about: it may pass, with its token, or this is the response to it. */
export type FetchAdmission<Token = GoogleIdToken> =
  | { readonly googleIdToken: Token; readonly response?: undefined }
  | { readonly response: Response; readonly googleIdToken?: undefined };

/** Puts a guard before a handler, or asks it about a request. */
export interface Guarding<Token = GoogleIdToken> {
  <Rest extends unknown[]>(
    handler: GuardedHandler<Rest, Token>,
  ): (request: Request, ...rest: Rest) => Promise<Response>;
  /**
   * Finds out whether a request may pass, for frameworks whose handlers are not functions from `Request` to `Response`:
   * `if (admission.response) return admission.response;`. Nothing is guarded where nobody looks at what it resolves to.
   *
   * It rejects where the service is at fault, not the request: with what a function among the options has thrown.
   *
   * @param rest whatever the runtime passes, for `onRefused` and `waitUntil`
   */
  admit(request: Request, ...rest: unknown[]): Promise<FetchAdmission<Token>>;
}

/**
 * Lets only requests pass that carry a Google-signed ID token for this audience, and hands it to the handler.
 *
 * With an audience alone it lets any Google account of anybody pass: the handler must check who is calling. With
 * options, `callers` says who may call. On Cloudflare Workers pass `(env, ctx)` on: keys are then refreshed in
 * `ctx.waitUntil`.
 *
 * @throws TypeError that names a wrong option
 */
export function requireGoogleIdToken(...args: GuardArguments<OnRefused>): Guarding;
export function requireGoogleIdToken(...args: OptionalGuardArguments<OnRefused>): Guarding<GoogleIdToken | undefined>;
// Stands last, since the compiler explains the last one when none fits: it then says that `callers` is missing.
export function requireGoogleIdToken(options: GoogleIdTokenVerifierOptions & AdapterOptions): Guarding;
export function requireGoogleIdToken(
  ...args: GuardArguments<OnRefused> | OptionalGuardArguments<OnRefused>
): Guarding<GoogleIdToken | undefined> {
  const guard = createGuard(args, refuse);

  return Object.assign(guardHandler, { admit });

  function guardHandler<Rest extends unknown[]>(
    handler: GuardedHandler<Rest, GoogleIdToken | undefined>,
  ): (request: Request, ...rest: Rest) => Promise<Response> {
    return async function googleIdTokenGuard(request, ...rest) {
      const { response, googleIdToken } = await admit(request, ...rest);
      return response ?? handler(request, googleIdToken, ...rest);
    };
  }

  async function admit(request: Request, ...rest: unknown[]): Promise<FetchAdmission<GoogleIdToken | undefined>> {
    // Looked for only when there is a refresh to wait for.
    const waitUntil = (refresh: Promise<unknown>) => contextOf(rest)?.waitUntil(refresh);
    const admission = await guard.admit(() => request.headers, { waitUntil, url: request.url }, request, ...rest);
    if (admission.outcome === 'failed') {
      throw admission.error;
    }
    return admission.outcome === 'admitted'
      ? { googleIdToken: admission.googleIdToken }
      : { response: admission.answer };
  }
}

function refuse(
  error: GoogleIdTokenError,
  onRefused: OnRefused | undefined,
  request: Request,
  ...rest: unknown[]
): Response | Promise<Response> {
  if (onRefused !== undefined) {
    return responseOf(onRefused(error, request, ...rest));
  }
  const { status, headers, body } = toRefusal(error);
  return new Response(body, { status, headers });
}

interface ExecutionContext {
  waitUntil(promise: Promise<unknown>): void;
}

/** Workers and Vercel pass a context with `waitUntil` behind the request; other runtimes have none. */
function contextOf(rest: readonly unknown[]): ExecutionContext | undefined {
  return rest.find(
    (value): value is ExecutionContext => typeof (value as ExecutionContext | null)?.waitUntil === 'function',
  );
}
