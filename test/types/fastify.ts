/*
 * The types of the adapter for Fastify, checked by the compiler: this file compiles as long as they hold, and never runs.
 */
import {
  createGoogleIdTokenVerifier,
  type GoogleIdToken,
  type GoogleIdTokenError,
  serviceAccount,
} from '@id-token-guard/core';
import { googleIdToken, requireGoogleIdToken } from '@id-token-guard/fastify';
import { type FastifyPluginAsync, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { type Equal, yes } from './assert.ts';

const audience = 'https://api.example.com';
const callers = serviceAccount('sender@my-project.iam.gserviceaccount.com');
const verifier = createGoogleIdTokenVerifier({ audience, callers });

// --- The arguments ------------------------------------------------------------------------------------------------

yes<Equal<ReturnType<typeof requireGoogleIdToken>, FastifyPluginAsync>>();
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

// --- onRefused ----------------------------------------------------------------------------------------------------

requireGoogleIdToken({
  audience,
  callers,
  onRefused(error, request, reply) {
    yes<Equal<typeof error, GoogleIdTokenError>>();
    yes<Equal<typeof request, FastifyRequest>>();
    yes<Equal<typeof reply, FastifyReply>>();
  },
});

requireGoogleIdToken(verifier, { onRefused: ({ status, code }, _request, reply) => reply.code(status).send(code) });

// --- optional -----------------------------------------------------------------------------------------------------

yes<Equal<ReturnType<typeof optionalGuard>, FastifyPluginAsync>>();
function optionalGuard(isOptional: boolean) {
  requireGoogleIdToken({ audience, callers, optional: true });
  // @ts-expect-error With options, the callers cannot be forgotten.
  requireGoogleIdToken({ audience, optional: true });
  return requireGoogleIdToken(verifier, { optional: isOptional });
}

// --- The token ----------------------------------------------------------------------------------------------------

const app = fastify();
app.register(requireGoogleIdToken({ audience, callers }));
app.get('/orders', async (request) => {
  yes<Equal<typeof request.googleIdToken, GoogleIdToken | undefined>>();
  const token = googleIdToken(request);
  yes<Equal<typeof token, GoogleIdToken>>();
  // @ts-expect-error Nothing tells the compiler that the guard is there: googleIdToken(request) does.
  return request.googleIdToken.caller;
});
