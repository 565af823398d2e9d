/*
 * The types of the adapter for Hono, checked by the compiler: this file compiles as long as they hold, and never runs.
 */
import {
  createGoogleIdTokenVerifier,
  type GoogleIdToken,
  type GoogleIdTokenError,
  serviceAccount,
} from '@id-token-guard/core';
import { type GoogleIdTokenEnv, requireGoogleIdToken } from '@id-token-guard/hono';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { type Equal, yes } from './assert.ts';

const audience = 'https://api.example.com';
const callers = serviceAccount('sender@my-project.iam.gserviceaccount.com');
const verifier = createGoogleIdTokenVerifier({ audience, callers });

// --- The arguments ------------------------------------------------------------------------------------------------

yes<Equal<ReturnType<typeof requireGoogleIdToken>, MiddlewareHandler<GoogleIdTokenEnv>>>();
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

// @ts-expect-error There is no option that turns a check off.
requireGoogleIdToken({ audience, callers, allow_anon: true });

// @ts-expect-error A verifier has its callers already.
requireGoogleIdToken(verifier, { callers });

// --- onRefused ----------------------------------------------------------------------------------------------------

requireGoogleIdToken({
  audience,
  callers,
  onRefused(error, c) {
    yes<Equal<typeof error, GoogleIdTokenError>>();
    yes<Equal<typeof c, Context>>();
    return c.text(error.code, 418);
  },
});

requireGoogleIdToken(verifier, { onRefused: async ({ code }) => new Response(code, { status: 418 }) });

// @ts-expect-error Whoever answers in place of the guard has to answer.
requireGoogleIdToken({ audience, callers, onRefused: () => {} });

// --- The token, typed by chaining ---------------------------------------------------------------------------------

new Hono().use(requireGoogleIdToken({ audience, callers })).get('/orders', (c) => {
  const token = c.get('googleIdToken');
  yes<Equal<typeof token, GoogleIdToken>>();
  yes<Equal<typeof c.var.googleIdToken, GoogleIdToken>>();
  // @ts-expect-error A misspelt name is not any.
  c.get('googleIDToken');
  return c.json(token.caller);
});

new Hono<{ Variables: { requestId: string } }>()
  .use('/orders/*', requireGoogleIdToken({ audience, callers }))
  .get('/orders/:id', (c) => {
    yes<Equal<typeof c.var.requestId, string>>();
    yes<Equal<typeof c.var.googleIdToken, GoogleIdToken>>();
    return c.body(null, 204);
  });

new Hono().get('/orders', requireGoogleIdToken({ audience, callers }), (c) => {
  yes<Equal<typeof c.var.googleIdToken, GoogleIdToken>>();
  return c.body(null, 204);
});

// No global declaration: an app without the guard has no token.
new Hono().get('/orders', (c) => {
  // @ts-expect-error There is no guard before this handler.
  c.get('googleIdToken');
  // @ts-expect-error There is no guard before this handler.
  c.var.googleIdToken;
  return c.body(null, 204);
});

// --- optional -----------------------------------------------------------------------------------------------------

new Hono().use(requireGoogleIdToken({ audience, callers, optional: true })).get('/orders', (c) => {
  yes<Equal<typeof c.var.googleIdToken, GoogleIdToken | undefined>>();
  // @ts-expect-error Somebody has to look whether there is a token.
  return c.json(c.get('googleIdToken').caller);
});
new Hono().use(requireGoogleIdToken(verifier, { optional: false })).get('/orders', (c) => {
  yes<Equal<typeof c.var.googleIdToken, GoogleIdToken>>();
  return c.body(null, 204);
});

export function maybeOptional(optional: boolean): MiddlewareHandler<GoogleIdTokenEnv<GoogleIdToken | undefined>> {
  // @ts-expect-error With options, the callers cannot be forgotten.
  requireGoogleIdToken({ audience, optional: true });
  return requireGoogleIdToken({ audience, callers, optional });
}
