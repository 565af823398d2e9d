/*
 * The types of the adapter for Koa, checked by the compiler: this file compiles as long as they hold, and never runs.
 */
import {
  createGoogleIdTokenVerifier,
  type GoogleIdToken,
  type GoogleIdTokenError,
  serviceAccount,
} from '@id-token-guard/core';
import { type GoogleIdTokenState, requireGoogleIdToken } from '@id-token-guard/koa';
import Koa, { type Context, type Middleware, type Next } from 'koa';
import { type Equal, yes } from './assert.ts';

const audience = 'https://api.example.com';
const callers = serviceAccount('sender@my-project.iam.gserviceaccount.com');
const verifier = createGoogleIdTokenVerifier({ audience, callers });

// --- The arguments ------------------------------------------------------------------------------------------------

yes<Equal<ReturnType<typeof requireGoogleIdToken>, Middleware<GoogleIdTokenState>>>();
requireGoogleIdToken(audience);
requireGoogleIdToken([audience, 'https://old.example.com']);
requireGoogleIdToken({ audience, callers });
requireGoogleIdToken(verifier, { header: 'x-serverless-authorization' });

// @ts-expect-error An environment variable may not be set.
requireGoogleIdToken(process.env['AUDIENCE']);

// @ts-expect-error With options, the audience cannot be forgotten.
requireGoogleIdToken({ callers });

// @ts-expect-error With options, the callers cannot be forgotten.
requireGoogleIdToken({ audience });

// @ts-expect-error A misspelt option is no option.
requireGoogleIdToken({ audience, callers, audiences: [audience] });

// @ts-expect-error koa-jwt has an option that lets bad tokens pass; there is none here.
requireGoogleIdToken({ audience, callers, passthrough: true });

// @ts-expect-error A verifier has its callers already.
requireGoogleIdToken(verifier, { callers });

// --- onRefused ----------------------------------------------------------------------------------------------------

requireGoogleIdToken({
  audience,
  callers,
  onRefused(error, ctx) {
    yes<Equal<typeof error, GoogleIdTokenError>>();
    yes<Equal<typeof ctx, Context>>();
    ctx.throw(error.status, error.message);
  },
});

requireGoogleIdToken(verifier, {
  async onRefused({ code }, ctx) {
    ctx.body = code;
  },
});

const passOn = (_error: GoogleIdTokenError, _ctx: Context, next: Next) => next();
// @ts-expect-error A refused request goes no further: there is no next.
requireGoogleIdToken({ audience, callers, onRefused: passOn });

// --- The token ----------------------------------------------------------------------------------------------------

new Koa<object>().use(requireGoogleIdToken({ audience, callers })).use((ctx) => {
  yes<Equal<typeof ctx.state.googleIdToken, GoogleIdToken>>();
  // @ts-expect-error A misspelt name is not any.
  ctx.state.googleIDToken;
});

// With the default state, which Koa types as any, the token is typed all the same.
new Koa().use(requireGoogleIdToken({ audience, callers })).use((ctx) => {
  yes<Equal<typeof ctx.state.googleIdToken, GoogleIdToken>>();
});

new Koa<{ requestId: string }>()
  .use((ctx) => {
    // @ts-expect-error Before the guard there is no token.
    ctx.state.googleIdToken;
  })
  .use(requireGoogleIdToken({ audience, callers }))
  .use((ctx) => {
    yes<Equal<typeof ctx.state.requestId, string>>();
    yes<Equal<typeof ctx.state.googleIdToken, GoogleIdToken>>();
  });

// --- optional -----------------------------------------------------------------------------------------------------

new Koa().use(requireGoogleIdToken({ audience, callers, optional: true })).use((ctx) => {
  yes<Equal<typeof ctx.state.googleIdToken, GoogleIdToken | undefined>>();
  // @ts-expect-error Somebody has to look whether there is a token.
  ctx.body = ctx.state.googleIdToken.caller;
});
new Koa().use(requireGoogleIdToken(verifier, { optional: false })).use((ctx) => {
  yes<Equal<typeof ctx.state.googleIdToken, GoogleIdToken>>();
});

export function maybeOptional(optional: boolean): Middleware<GoogleIdTokenState<GoogleIdToken | undefined>> {
  // @ts-expect-error With options, the callers cannot be forgotten.
  requireGoogleIdToken({ audience, optional: true });
  return requireGoogleIdToken({ audience, callers, optional });
}
