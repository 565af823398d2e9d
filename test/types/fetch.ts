/*
 * The types of the adapter for fetch handlers, checked by the compiler: this file compiles as long as they hold, and
 * never runs.
 */
import {
  createGoogleIdTokenVerifier,
  type GoogleIdToken,
  type GoogleIdTokenError,
  serviceAccount,
} from '@id-token-guard/core';
import { type FetchAdmission, type Guarding, requireGoogleIdToken } from '@id-token-guard/fetch';
import { type Equal, yes } from './assert.ts';

const audience = 'https://api.example.com';
const callers = serviceAccount('sender@my-project.iam.gserviceaccount.com');
const verifier = createGoogleIdTokenVerifier({ audience, callers });

// --- The arguments ------------------------------------------------------------------------------------------------

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

// @ts-expect-error A verifier has its callers already.
requireGoogleIdToken(verifier, { callers });

// @ts-expect-error The handler goes into what requireGoogleIdToken() returns.
requireGoogleIdToken(audience, () => new Response());

// --- onRefused ----------------------------------------------------------------------------------------------------

requireGoogleIdToken({
  audience,
  callers,
  onRefused(error, request, ...rest) {
    yes<Equal<typeof error, GoogleIdTokenError>>();
    yes<Equal<typeof request, Request>>();
    yes<Equal<typeof rest, unknown[]>>();
    return Response.json(error.code, { status: 418 });
  },
});

requireGoogleIdToken(verifier, { onRefused: async ({ code }) => new Response(code, { status: 418 }) });

// @ts-expect-error Whoever answers in place of the guard has to answer.
requireGoogleIdToken({ audience, callers, onRefused: () => {} });

// --- The token ----------------------------------------------------------------------------------------------------

const guard = requireGoogleIdToken({ audience, callers });

const handler = guard((request, googleIdToken) => {
  yes<Equal<typeof request, Request>>();
  yes<Equal<typeof googleIdToken, GoogleIdToken>>();
  return Response.json(googleIdToken.caller);
});
yes<Equal<typeof handler, (request: Request) => Promise<Response>>>();

/** What a runtime passes behind the request keeps its type, inside and outside. */
interface Env {
  readonly KV: { get(name: string): Promise<string | null> };
}
const edgeHandler = guard(async (_request, { claims }, env: Env) => new Response(await env.KV.get(claims.sub)));
yes<Equal<typeof edgeHandler, (request: Request, env: Env) => Promise<Response>>>();

// @ts-expect-error The runtime has to pass what the handler asks for.
edgeHandler(new Request(audience));

// @ts-expect-error A handler answers.
guard(() => {});

// --- optional -----------------------------------------------------------------------------------------------------

requireGoogleIdToken({ audience, callers, optional: true })((_request, googleIdToken) => {
  yes<Equal<typeof googleIdToken, GoogleIdToken | undefined>>();
  // @ts-expect-error Somebody has to look whether there is a token.
  return Response.json(googleIdToken.caller);
});
requireGoogleIdToken(verifier, { optional: false })((_request, googleIdToken) => {
  yes<Equal<typeof googleIdToken, GoogleIdToken>>();
  return new Response();
});

export function maybeOptional(optional: boolean): Guarding<GoogleIdToken | undefined> {
  // @ts-expect-error With options, the callers cannot be forgotten.
  requireGoogleIdToken({ audience, optional: true });
  return requireGoogleIdToken({ audience, callers, optional });
}

// --- admit --------------------------------------------------------------------------------------------------------

export async function handle(request: Request, context: object): Promise<Response> {
  const admission = await guard.admit(request, context);
  yes<Equal<typeof admission, FetchAdmission>>();
  // @ts-expect-error Somebody has to look whether the request may pass.
  admission.googleIdToken.caller;
  if (admission.response) {
    yes<Equal<typeof admission.response, Response>>();
    return admission.response;
  }
  yes<Equal<typeof admission.googleIdToken, GoogleIdToken>>();
  return Response.json(admission.googleIdToken.caller);
}

export async function handleAnybody(request: Request): Promise<Response> {
  const { response, googleIdToken } = await requireGoogleIdToken({ audience, callers, optional: true }).admit(request);
  if (response) {
    return response;
  }
  yes<Equal<typeof googleIdToken, GoogleIdToken | undefined>>();
  return Response.json(googleIdToken?.caller);
}
