/*
 * The types of the adapter for Express, checked by the compiler: this file compiles as long as they hold, and never runs.
 */
import {
  createGoogleIdTokenVerifier,
  type GoogleIdToken,
  type GoogleIdTokenError,
  serviceAccount,
} from '@id-token-guard/core';
import { googleIdToken, requireGoogleIdToken } from '@id-token-guard/express';
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { type Equal, yes } from './assert.ts';

const audience = 'https://api.example.com';
const callers = serviceAccount('sender@my-project.iam.gserviceaccount.com');
const verifier = createGoogleIdTokenVerifier({ audience, callers });

// --- The arguments ------------------------------------------------------------------------------------------------

yes<Equal<ReturnType<typeof requireGoogleIdToken>, RequestHandler>>();
requireGoogleIdToken(audience);
requireGoogleIdToken([audience, 'https://old.example.com']);
requireGoogleIdToken({ audience, callers });
requireGoogleIdToken({ audience, callers, header: 'x-serverless-authorization' });
requireGoogleIdToken(verifier);
requireGoogleIdToken(verifier, { header: 'authorization' });

// @ts-expect-error An audience is the least.
requireGoogleIdToken();

// @ts-expect-error An environment variable may not be set.
requireGoogleIdToken(process.env['AUDIENCE']);

// @ts-expect-error No patterns.
requireGoogleIdToken(/example/);

// @ts-expect-error A rule of callers is not an audience.
requireGoogleIdToken(callers);

// @ts-expect-error With options, the audience cannot be forgotten.
requireGoogleIdToken({ callers });

// @ts-expect-error With options, the callers cannot be forgotten.
requireGoogleIdToken({ audience });

// @ts-expect-error A misspelt option is no option.
requireGoogleIdToken({ audience, callers, audiences: [audience] });

// @ts-expect-error There is no option that turns a check off.
requireGoogleIdToken({ audience, callers, ignoreExpiration: true });

// @ts-expect-error There are two headers to choose from, one at a time.
requireGoogleIdToken({ audience, callers, header: 'cookie' });

// @ts-expect-error Behind an audience there is no second argument.
requireGoogleIdToken(audience, { header: 'authorization' });

// @ts-expect-error Behind options there is no second argument.
requireGoogleIdToken({ audience, callers }, { header: 'authorization' });

// @ts-expect-error A verifier has its callers already.
requireGoogleIdToken(verifier, { callers });

// --- onRefused ----------------------------------------------------------------------------------------------------

requireGoogleIdToken({
  audience,
  callers,
  onRefused(error, req, res, next) {
    yes<Equal<typeof error, GoogleIdTokenError>>();
    yes<Equal<typeof req, Request>>();
    yes<Equal<typeof res, Response>>();
    yes<Equal<typeof next, NextFunction>>();
  },
});

requireGoogleIdToken(verifier, { onRefused: async (error, _req, res) => res.status(error.status).json(error.code) });

// @ts-expect-error There are four arguments, the error first.
requireGoogleIdToken({ audience, callers, onRefused: (req: Request, res: Response) => res.json(req.path) });

// --- optional -----------------------------------------------------------------------------------------------------

yes<Equal<ReturnType<typeof optionalGuard>, RequestHandler>>();
function optionalGuard(isOptional: boolean) {
  requireGoogleIdToken({ audience, callers, optional: true });
  requireGoogleIdToken(verifier, { optional: false });
  // @ts-expect-error An environment variable is a text.
  requireGoogleIdToken(verifier, { optional: 'true' });
  // @ts-expect-error An audience alone is never optional.
  requireGoogleIdToken(audience, { optional: true });
  // @ts-expect-error With options, the callers cannot be forgotten.
  requireGoogleIdToken({ audience, optional: true });
  return requireGoogleIdToken(verifier, { optional: isOptional, onRefused: (_error, _req, res) => res.end() });
}

// --- The token ----------------------------------------------------------------------------------------------------

express()
  .use(requireGoogleIdToken({ audience, callers }))
  .get('/orders/:id', (req, res) => {
    yes<Equal<typeof req.googleIdToken, GoogleIdToken | undefined>>();
    const token = googleIdToken(req);
    yes<Equal<typeof token, GoogleIdToken>>();
    // @ts-expect-error Nothing tells the compiler that the guard is there: googleIdToken(req) does.
    res.json(req.googleIdToken.caller);
  });
