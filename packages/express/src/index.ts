import {
  type Admission,
  createGuard,
  type GoogleIdToken,
  GoogleIdTokenError,
  type GoogleIdTokenVerifierOptions,
  type GuardArguments,
  type GuardOptions,
  nodeHeaders,
  nodeUrl,
  type OptionalGuardArguments,
  type OptionalGuardOptions,
  toRefusal,
  whenAdmitted,
} from '@id-token-guard/core';
import type { NextFunction, Request, RequestHandler, Response } from 'express';

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

/** Answers a refused request in place of the default answer: send one, or call `next`, which fails with the error. */
export type OnRefused = (error: GoogleIdTokenError, req: Request, res: Response, next: NextFunction) => unknown;

/** Options of the adapter, beside those of the verifier. */
export type AdapterOptions = GuardOptions<OnRefused>;

/** Options of an adapter that lets requests without a token pass: `optional: true`. */
export type OptionalAdapterOptions = OptionalGuardOptions<OnRefused>;

declare global {
  namespace Express {
    interface Request {
      /** The verified ID token of the caller; there behind `requireGoogleIdToken`, unless that is `optional`. */
      googleIdToken?: GoogleIdToken | undefined;
    }
  }
}

/**
 * Lets only requests pass that carry a Google-signed ID token for this audience, and puts it into `req.googleIdToken`.
 *
 * With an audience alone it lets any Google account of anybody pass: the handler must check who is calling. With
 * options, `callers` says who may call. Mount it before body parsers, and after CORS, whose preflights carry no token.
 *
 * @throws TypeError that names a wrong option
 */
export function requireGoogleIdToken(...args: GuardArguments<OnRefused>): RequestHandler;
export function requireGoogleIdToken(...args: OptionalGuardArguments<OnRefused>): RequestHandler;
// Stands last, since the compiler explains the last one when none fits: it then says that `callers` is missing.
export function requireGoogleIdToken(options: GoogleIdTokenVerifierOptions & AdapterOptions): RequestHandler;
export function requireGoogleIdToken(
  ...args: GuardArguments<OnRefused> | OptionalGuardArguments<OnRefused>
): RequestHandler {
  const guard = createGuard(args, refuse);

  return function googleIdTokenGuard(req, res, next) {
    const admission = guard.admit(() => nodeHeaders(req), { url: nodeUrl(req) }, req, res, next);
    whenAdmitted(admission, conclude, fail);

    function conclude(admission: Admission<unknown>): void {
      if (admission.outcome === 'admitted') {
        req.googleIdToken = admission.googleIdToken;
        next();
      } else if (admission.outcome === 'failed') {
        fail(admission.error);
      }
    }

    function fail(error: Error): void {
      try {
        next(error);
      } catch {
        // Polka's error handling, for one, throws at an error whose code is no status.
        res.socket?.destroy();
      }
    }
  };
}

/**
 * The verified ID token of a request behind `requireGoogleIdToken`; never undefined.
 *
 * @throws Error where the guard is not mounted before the handler, or has let a request without a token pass
 */
export function googleIdToken(req: Request): GoogleIdToken {
  if (req.googleIdToken === undefined) {
    throw new Error('No verified ID token: mount requireGoogleIdToken() before this handler, without "optional".');
  }
  return req.googleIdToken;
}

function refuse(
  error: GoogleIdTokenError,
  onRefused: OnRefused | undefined,
  req: Request,
  res: Response,
  next: NextFunction,
): unknown {
  if (onRefused !== undefined) {
    // To Express, `next()` and `next('route')` are ways around what follows: here they fail like all others.
    return onRefused(error, req, res, (reason) => next(reason instanceof Error ? reason : error));
  }
  const { status, headers, body } = toRefusal(error);
  // One by one: of a response that somebody has wrapped, `writeHead` may return nothing.
  res.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  return res.end(body);
}
