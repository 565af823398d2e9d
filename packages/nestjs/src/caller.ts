import type { Caller, GoogleIdToken, NodeRequest } from '@id-token-guard/core';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

/** A request that a guard has let pass, this one or one of the platform. */
type GuardedRequest = NodeRequest & { googleIdToken?: GoogleIdToken | undefined };

export function keepGoogleIdToken(request: GuardedRequest, googleIdToken: GoogleIdToken | undefined): void {
  request.googleIdToken = googleIdToken;
}

/**
 * The verified ID token of a request behind the guard, for guards and interceptors of the application; never undefined.
 *
 * @throws Error where no guard stands before the route, or it has let a request without a token pass
 */
export function googleIdToken(context: ExecutionContext): GoogleIdToken {
  const token = keptToken(context);
  if (token === undefined) {
    throw noToken();
  }
  return token;
}

/**
 * Hands the verified ID token to a parameter of a handler: `@GoogleIdTokenParam() googleIdToken: GoogleIdToken`. It is
 * `undefined` only where the guard is `optional`. On a route that no guard has looked at, the request fails.
 */
export const GoogleIdTokenParam: () => ParameterDecorator = createParamDecorator(
  (_data: unknown, context: ExecutionContext): GoogleIdToken | undefined => keptToken(context),
);

/**
 * Hands who is calling to a parameter of a handler: `@GoogleCaller() caller: Caller`. It is `undefined` only where the
 * guard is `optional`. On a route that no guard has looked at, the request fails.
 */
export const GoogleCaller: () => ParameterDecorator = createParamDecorator(
  (_data: unknown, context: ExecutionContext): Caller | undefined => keptToken(context)?.caller,
);

function keptToken(context: ExecutionContext): GoogleIdToken | undefined {
  const request = context.switchToHttp().getRequest<GuardedRequest>();
  if (!Object.hasOwn(request, 'googleIdToken')) {
    throw noToken();
  }
  return request.googleIdToken;
}

function noToken(): Error {
  return new Error('No verified ID token: put GoogleIdTokenGuard before this route, without "optional" or @Public().');
}
