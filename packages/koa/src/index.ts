import {
  createGuard,
  type GoogleIdToken,
  GoogleIdTokenError,
  type GoogleIdTokenVerifierOptions,
  type GuardArguments,
  type GuardOptions,
  type NodeRequest,
  nodeHeaders,
  type OptionalGuardArguments,
  type OptionalGuardOptions,
  toRefusal,
} from '@id-token-guard/core';
import type { Context, Middleware } from 'koa';

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

/** Answers a refused request in place of the default answer: set one on `ctx`, or throw. */
export type OnRefused = (error: GoogleIdTokenError, ctx: Context) => unknown;

/** Options of the adapter, beside those of the verifier. */
export type AdapterOptions = GuardOptions<OnRefused>;

/** Options of an adapter that lets requests without a token pass: `optional: true`. */
export type OptionalAdapterOptions = OptionalGuardOptions<OnRefused>;

/**
 * What the guard adds to `ctx.state`. With `optional: true` the token may be `undefined`:
 * `GoogleIdTokenState<GoogleIdToken | undefined>`.
 */
export interface GoogleIdTokenState<Token = GoogleIdToken> {
  /** The verified ID token of the caller. */
  googleIdToken: Token;
}

/**
 * Lets only requests pass that carry a Google-signed ID token for this audience, and puts it into
 * `ctx.state.googleIdToken`.
 *
 * With an audience alone it lets any Google account of anybody pass: the handler must check who is calling. With
 * options, `callers` says who may call. Mount it before body parsers, and after CORS, whose preflights carry no token.
 *
 * @throws TypeError that names a wrong option
 */
export function requireGoogleIdToken(...args: GuardArguments<OnRefused>): Middleware<GoogleIdTokenState>;
export function requireGoogleIdToken(
  ...args: OptionalGuardArguments<OnRefused>
): Middleware<GoogleIdTokenState<GoogleIdToken | undefined>>;
// Stands last, since the compiler explains the last one when none fits: it then says that `callers` is missing.
export function requireGoogleIdToken(
  options: GoogleIdTokenVerifierOptions & AdapterOptions,
): Middleware<GoogleIdTokenState>;
export function requireGoogleIdToken(
  ...args: GuardArguments<OnRefused> | OptionalGuardArguments<OnRefused>
): Middleware<GoogleIdTokenState<GoogleIdToken | undefined>> {
  const guard = createGuard(args, refuse);

  return async function googleIdTokenGuard(ctx, next) {
    // In an app of Express or connect, which cut the path of the mount point off, only the request knows all of it.
    const { originalUrl = ctx.originalUrl }: NodeRequest = ctx.req;
    const admission = await guard.admit(() => nodeHeaders(ctx.req), { url: originalUrl }, ctx);
    if (admission.outcome === 'failed') {
      throw admission.error;
    }
    if (admission.outcome === 'admitted') {
      ctx.state.googleIdToken = admission.googleIdToken;
      await next();
    }
  };
}

function refuse(error: GoogleIdTokenError, onRefused: OnRefused | undefined, ctx: Context): unknown {
  if (onRefused !== undefined) {
    return onRefused(error, ctx);
  }
  const { status, headers, body } = toRefusal(error);
  ctx.status = status;
  ctx.set({ ...headers });
  ctx.body = body;
  return undefined;
}
