import {
  createGuard,
  type GoogleIdToken,
  type GoogleIdTokenError,
  type GuardArguments,
  type GuardOptions,
  isGoogleIdTokenError,
  toRefusal,
} from '@id-token-guard/core';
import type { Context, MiddlewareHandler } from 'hono';

/** Answers a refused request in place of the default answer: return a response, or throw an `HTTPException`. */
export type OnRefused = (error: GoogleIdTokenError, c: Context) => Response | Promise<Response>;

/** Options of the adapter, beside those of the verifier. */
export type AdapterOptions = GuardOptions<OnRefused>;

/** What the guard adds to the context: `c.get('googleIdToken')`, typed by chaining. */
export interface GoogleIdTokenEnv {
  Variables: {
    /** The verified ID token of the caller. */
    googleIdToken: GoogleIdToken;
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
export function requireGoogleIdToken(...args: GuardArguments<OnRefused>): MiddlewareHandler<GoogleIdTokenEnv> {
  const { verifier, header, onRefused } = createGuard(...args);

  return async function googleIdTokenGuard(c, next) {
    try {
      c.set('googleIdToken', await verifier.authenticate(c.req.raw.headers, { header, waitUntil: waitUntilOf(c) }));
    } catch (error) {
      if (!isGoogleIdTokenError(error)) {
        throw error;
      }
      return onRefused ? onRefused(error, c) : refuse(error);
    }
    await next();
  };
}

function refuse(error: GoogleIdTokenError): Response {
  const { status, headers, body } = toRefusal(error);
  return new Response(body, { status, headers });
}

/** Runtimes without an execution context make the getter throw. */
function waitUntilOf(c: Context): ((promise: Promise<unknown>) => void) | undefined {
  try {
    const context = c.executionCtx;
    return (promise) => context.waitUntil(promise);
  } catch {
    return undefined;
  }
}
