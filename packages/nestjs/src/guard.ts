import {
  createGuard,
  type GoogleIdTokenError,
  type GoogleIdTokenVerifierOptions,
  type GuardArguments,
  type GuardOptions,
  type NodeRequest,
  nodeHeaders,
  nodeUrl,
  type OptionalGuardArguments,
  type OptionalGuardOptions,
  toRefusal,
} from '@id-token-guard/core';
import { type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { keepGoogleIdToken } from './caller.ts';
import { GoogleIdTokenException } from './exception.ts';
import { isPublic } from './public.ts';
import { type AnyResponse, setHeaders } from './response.ts';

/**
 * Makes the exception for a refused request in place of the default one: return it, and the exception filters of the
 * application get it. What it throws is a failure of the service.
 */
export type OnRefused = (error: GoogleIdTokenError, context: ExecutionContext) => Error | Promise<Error>;

/** Options of the adapter, beside those of the verifier. */
export type AdapterOptions = GuardOptions<OnRefused>;

/** Options of an adapter that lets requests without a token pass: `optional: true`. */
export type OptionalAdapterOptions = OptionalGuardOptions<OnRefused>;

/** A guard of Nest that lets a request pass, or throws: it never resolves to `false`. */
export interface HttpGuard {
  canActivate(context: ExecutionContext): Promise<boolean>;
}

/**
 * Makes a guard that lets only requests pass that carry a Google-signed ID token for this audience, for
 * `@UseGuards(…)` and `useGlobalGuards(…)`. For a guard of the whole application see `GoogleIdTokenModule`.
 *
 * With an audience alone it lets any Google account of anybody pass: the handler must check who is calling. With
 * options, `callers` says who may call. Routes with `@Public()` it leaves alone. It guards HTTP: to messages of
 * microservices and gateways, and to GraphQL, it says no with an error.
 *
 * @throws TypeError that names a wrong option
 */
export function requireGoogleIdToken(...args: GuardArguments<OnRefused>): HttpGuard;
export function requireGoogleIdToken(...args: OptionalGuardArguments<OnRefused>): HttpGuard;
// Stands last, since the compiler explains the last one when none fits: it then says that `callers` is missing.
export function requireGoogleIdToken(options: GoogleIdTokenVerifierOptions & AdapterOptions): HttpGuard;
export function requireGoogleIdToken(
  ...args: GuardArguments<OnRefused> | OptionalGuardArguments<OnRefused>
): HttpGuard {
  const guard = createGuard(args, refuse);

  return {
    async canActivate(context) {
      if (isPublic(context)) {
        return true;
      }
      if (context.getType() !== 'http') {
        throw new Error('A guard for Google-signed ID tokens guards HTTP requests, and no messages or queries.');
      }
      const request = context.switchToHttp().getRequest<NodeRequest>();
      const admission = await guard.admit(() => nodeHeaders(request), { url: nodeUrl(request) }, context);
      if (admission.outcome === 'admitted') {
        keepGoogleIdToken(request, admission.googleIdToken);
        return true;
      }
      throw admission.outcome === 'refused' ? admission.answer : admission.error;
    },
  };
}

/** By this token `GoogleIdTokenModule` provides the guard. */
export const GUARD: unique symbol = Symbol('requireGoogleIdToken()');

/** The guard that `GoogleIdTokenModule` was given, for `APP_GUARD` and `@UseGuards(GoogleIdTokenGuard)`. */
export class GoogleIdTokenGuard implements HttpGuard {
  readonly #guard: HttpGuard;

  constructor(guard: HttpGuard) {
    this.#guard = guard;
  }

  canActivate(context: ExecutionContext): Promise<boolean> {
    return this.#guard.canActivate(context);
  }
}

// Decorators are called here, since they are syntax that has to be compiled.
Injectable()(GoogleIdTokenGuard);
Inject(GUARD)(GoogleIdTokenGuard, undefined, 0);

async function refuse(
  error: GoogleIdTokenError,
  onRefused: OnRefused | undefined,
  context: ExecutionContext,
): Promise<Error> {
  if (onRefused !== undefined) {
    const exception: unknown = await onRefused(error, context);
    if (!(exception instanceof Error)) {
      throw new TypeError('"onRefused" must return the exception for the request, or a promise of one.');
    }
    return exception;
  }
  const { 'content-type': _, ...headers } = toRefusal(error).headers;
  // What a filter of the application then sends, it sends with these.
  setHeaders(context.switchToHttp().getResponse<AnyResponse>(), headers);
  return new GoogleIdTokenException(error);
}
