import {
  type Admission,
  createGuard,
  type GoogleIdToken,
  GoogleIdTokenError,
  type GoogleIdTokenVerifierOptions,
  type GuardArguments,
  type GuardOptions,
  nodeHeaders,
  type OptionalGuardArguments,
  type OptionalGuardOptions,
  toRefusal,
  whenAdmitted,
} from '@id-token-guard/core';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';

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

/** Answers a refused request in place of the default answer: send one, or throw. */
export type OnRefused = (error: GoogleIdTokenError, request: FastifyRequest, reply: FastifyReply) => unknown;

/** Options of the adapter, beside those of the verifier. */
export type AdapterOptions = GuardOptions<OnRefused>;

/** Options of an adapter that lets requests without a token pass: `optional: true`. */
export type OptionalAdapterOptions = OptionalGuardOptions<OnRefused>;

declare module 'fastify' {
  interface FastifyRequest {
    /** The verified ID token of the caller; there behind `requireGoogleIdToken`, unless that is `optional`. */
    googleIdToken?: GoogleIdToken | undefined;
  }
}

/**
 * A plugin that lets only requests pass that carry a Google-signed ID token for this audience, and puts it into
 * `request.googleIdToken`.
 *
 * It guards all routes of the scope that registers it, and of the scopes below, whatever the order. It does not guard
 * what answers before a route is reached and was registered before it: other `onRequest` hooks, and so middleware of
 * `@fastify/middie`. With an audience alone it lets any Google account of anybody pass: the handler must check who is
 * calling. With options, `callers` says who may call. Register it after CORS, whose preflights carry no token.
 *
 * @throws TypeError that names a wrong option
 */
export function requireGoogleIdToken(...args: GuardArguments<OnRefused>): FastifyPluginAsync;
export function requireGoogleIdToken(...args: OptionalGuardArguments<OnRefused>): FastifyPluginAsync;
// Stands last, since the compiler explains the last one when none fits: it then says that `callers` is missing.
export function requireGoogleIdToken(options: GoogleIdTokenVerifierOptions & AdapterOptions): FastifyPluginAsync;
export function requireGoogleIdToken(
  ...args: GuardArguments<OnRefused> | OptionalGuardArguments<OnRefused>
): FastifyPluginAsync {
  const guard = createGuard(args, refuse);

  async function googleIdTokenGuard(scope: Parameters<FastifyPluginAsync>[0]): Promise<void> {
    if (!scope.hasRequestDecorator('googleIdToken')) {
      scope.decorateRequest('googleIdToken');
    }
    // The callback form: an async hook that returns the reply is taken for done, and the handler run, when the client
    // hangs up before the refusal is sent. Here `done` is not called after a refusal, whatever becomes of the answer.
    scope.addHook('onRequest', (request, reply, done) => {
      const admission = guard.admit(() => nodeHeaders(request.raw), { url: request.originalUrl }, request, reply);
      whenAdmitted(admission, conclude, done);

      function conclude(admission: Admission<unknown>): void {
        if (admission.outcome === 'admitted') {
          request.googleIdToken = admission.googleIdToken;
          done();
        } else if (admission.outcome === 'failed') {
          done(admission.error);
        }
      }
    });
  }

  // What fastify-plugin does: without it the hook would guard a scope of its own, in which there are no routes.
  return Object.assign(googleIdTokenGuard, { [Symbol.for('skip-override')]: true });
}

/**
 * The verified ID token of a request behind `requireGoogleIdToken`; never undefined.
 *
 * @throws Error where the guard is not registered in the scope of the route, or has let a request without a token pass
 */
export function googleIdToken(request: Pick<FastifyRequest, 'googleIdToken'>): GoogleIdToken {
  if (request.googleIdToken === undefined) {
    throw new Error(
      'No verified ID token: register requireGoogleIdToken() in the scope of this route, without "optional".',
    );
  }
  return request.googleIdToken;
}

function refuse(
  error: GoogleIdTokenError,
  onRefused: OnRefused | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
): unknown {
  if (onRefused !== undefined) {
    return onRefused(error, request, reply);
  }
  const { status, headers, body } = toRefusal(error);
  // Bytes, since Fastify adds a charset to the content type of a string.
  reply
    .code(status)
    .headers({ ...headers })
    .send(new TextEncoder().encode(body));
  return undefined;
}
