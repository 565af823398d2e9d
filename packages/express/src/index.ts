import {
  createGuard,
  type GoogleIdToken,
  type GoogleIdTokenError,
  type GoogleIdTokenVerifierOptions,
  type GuardArguments,
  type GuardOptions,
  isGoogleIdTokenError,
  nodeHeaders,
  toRefusal,
} from '@id-token-guard/core';
import type { NextFunction, Request, RequestHandler, Response } from 'express';

/** Answers a refused request in place of the default answer: send one, or call `next`, which fails with the error. */
export type OnRefused = (error: GoogleIdTokenError, req: Request, res: Response, next: NextFunction) => unknown;

/** Options of the adapter, beside those of the verifier. */
export type AdapterOptions = GuardOptions<OnRefused>;

declare global {
  namespace Express {
    interface Request {
      /** The verified ID token of the caller; there behind `requireGoogleIdToken`. */
      googleIdToken?: GoogleIdToken;
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
// Stands last, since the compiler explains the last one when none fits: it then says that `callers` is missing.
export function requireGoogleIdToken(options: GoogleIdTokenVerifierOptions & AdapterOptions): RequestHandler;
export function requireGoogleIdToken(...args: GuardArguments<OnRefused>): RequestHandler {
  const { verifier, header, onRefused } = createGuard(...args);

  return async function googleIdTokenGuard(req, res, next) {
    try {
      req.googleIdToken = await verifier.authenticate(nodeHeaders(req), { header });
    } catch (error) {
      if (!isGoogleIdTokenError(error)) {
        return next(asError(error));
      }
      await (onRefused
        ? onRefused(error, req, res, (reason) => next(reason instanceof Error ? reason : error))
        : refuse(error, res));
      return;
    }
    next();
  };
}

/**
 * The verified ID token of a request behind `requireGoogleIdToken`; never undefined.
 *
 * @throws Error where the guard is not mounted before the handler
 */
export function googleIdToken(req: Request): GoogleIdToken {
  if (req.googleIdToken === undefined) {
    throw new Error('No verified ID token: mount requireGoogleIdToken() before this handler.');
  }
  return req.googleIdToken;
}

/** `next()` takes nothing for success, and words for the way around what follows: a failure must be neither. */
function asError(thrown: unknown): object {
  return typeof thrown === 'object' && thrown !== null
    ? thrown
    : new Error('Something that is not an Error was thrown.', { cause: thrown });
}

function refuse(error: GoogleIdTokenError, res: Response): void {
  const { status, headers, body } = toRefusal(error);
  res.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
}
