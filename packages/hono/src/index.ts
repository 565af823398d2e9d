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
import type { Context, MiddlewareHandler } from 'hono';

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

/** Answers a refused request in place of the default answer: return a response, or throw an `HTTPException`. */
export type OnRefused = (error: GoogleIdTokenError, c: Context) => Response | Promise<Response>;

/** Options of the adapter, beside those of the verifier. */
export type AdapterOptions = GuardOptions<OnRefused>;

/** Options of an adapter that lets requests without a token pass: `optional: true`. */
export type OptionalAdapterOptions = OptionalGuardOptions<OnRefused>;

/**
 * What the guard adds to the context: `c.get('googleIdToken')`, typed by chaining. With `optional: true` the token may
 * be `undefined`: `GoogleIdTokenEnv<GoogleIdToken | undefined>`.
 */
export interface GoogleIdTokenEnv<Token = GoogleIdToken> {
  Variables: {
    /** The verified ID token of the caller. */
    googleIdToken: Token;
  };
}

/**
 * Lets only requests pass that carry a Google-signed ID token for this audience, and puts it into
 * `c.get('googleIdToken')`.
 *
 * With an audience alone it lets any Google account of anybody pass: the handler must check who is calling. With
 * options, `callers` says who may call. Mount it after CORS, whose preflights carry no token.
 *
 * @throws TypeError that names a wrong option
 */
export function requireGoogleIdToken(...args: GuardArguments<OnRefused>): MiddlewareHandler<GoogleIdTokenEnv>;
export function requireGoogleIdToken(
  ...args: OptionalGuardArguments<OnRefused>
): MiddlewareHandler<GoogleIdTokenEnv<GoogleIdToken | undefined>>;
// Stands last, since the compiler explains the last one when none fits: it then says that `callers` is missing.
export function requireGoogleIdToken(
  options: GoogleIdTokenVerifierOptions & AdapterOptions,
): MiddlewareHandler<GoogleIdTokenEnv>;
export function requireGoogleIdToken(
  ...args: GuardArguments<OnRefused> | OptionalGuardArguments<OnRefused>
): MiddlewareHandler {
  const guard = createGuard(args, refuse);

  return async function googleIdTokenGuard(c, next) {
    // Looked for only when there is a refresh to wait for: on runtimes without an execution context the getter throws.
    const waitUntil = (refresh: Promise<unknown>) => c.executionCtx.waitUntil(refresh);
    const admission = await guard.admit(() => c.req.raw.headers, { waitUntil, url: c.req.url }, c);
    if (admission.outcome === 'failed') {
      throw admission.error;
    }
    if (admission.outcome === 'admitted') {
      c.set('googleIdToken', admission.googleIdToken);
      await next();
      return;
    }
    return admission.answer;
  };
}

function refuse(
  error: GoogleIdTokenError,
  onRefused: OnRefused | undefined,
  c: Context,
): Promise<Response> | undefined {
  if (onRefused !== undefined) {
    return responseOf(onRefused(error, c));
  }
  const { status, headers, body } = toRefusal(error);
  const response = c.body(body, status, { ...headers });
  // It has the headers of other middleware already, as those of CORS; merged in once more they would replace its own.
  c.res = undefined;
  c.res = response;
  return undefined;
}
