/*
 * The types of the adapter for NestJS, checked by the compiler: this file compiles as long as they hold, and never runs.
 */
import {
  createGoogleIdTokenVerifier,
  type GoogleIdToken,
  type GoogleIdTokenError,
  serviceAccount,
} from '@id-token-guard/core';
import {
  GoogleCaller,
  GoogleIdTokenGuard,
  GoogleIdTokenModule,
  GoogleIdTokenParam,
  type googleIdToken,
  type HttpGuard,
  Public,
  requireGoogleIdToken,
} from '@id-token-guard/nestjs';
import { type CanActivate, type DynamicModule, type ExecutionContext, HttpException, UseGuards } from '@nestjs/common';
import { type Equal, yes } from './assert.ts';

const audience = 'https://api.example.com';
const callers = serviceAccount('sender@my-project.iam.gserviceaccount.com');
const verifier = createGoogleIdTokenVerifier({ audience, callers });

// --- The arguments ------------------------------------------------------------------------------------------------

yes<Equal<ReturnType<typeof requireGoogleIdToken>, HttpGuard>>();
requireGoogleIdToken(audience) satisfies CanActivate;
requireGoogleIdToken(verifier, { header: 'x-serverless-authorization' });
yes<Equal<ReturnType<typeof GoogleIdTokenModule.forRoot>, DynamicModule>>();
GoogleIdTokenModule.forRoot(audience);
GoogleIdTokenModule.forRoot({ audience, callers, optional: true });
GoogleIdTokenModule.forRoot(verifier, { optional: true });
GoogleIdTokenModule.forRootAsync({ useFactory: () => verifier });
GoogleIdTokenModule.forRootAsync({
  inject: ['AUDIENCE'],
  useFactory: async (audience: string) => ({ audience, callers }),
});
UseGuards(GoogleIdTokenGuard, requireGoogleIdToken(verifier));

// @ts-expect-error An environment variable may not be set.
GoogleIdTokenModule.forRoot(process.env['AUDIENCE']);

// @ts-expect-error With options, the callers cannot be forgotten.
GoogleIdTokenModule.forRoot({ audience });

// @ts-expect-error Nor where a factory makes them.
GoogleIdTokenModule.forRootAsync({ useFactory: () => ({ audience }) });

// @ts-expect-error A verifier has its callers already.
requireGoogleIdToken(verifier, { callers });

// --- onRefused ----------------------------------------------------------------------------------------------------

requireGoogleIdToken({
  audience,
  callers,
  onRefused(error, context) {
    yes<Equal<typeof error, GoogleIdTokenError>>();
    yes<Equal<typeof context, ExecutionContext>>();
    return new HttpException(error.code, 418);
  },
});

// @ts-expect-error Whoever answers in place of the guard has to say with what.
requireGoogleIdToken({ audience, callers, onRefused: () => {} });

// --- Decorators ---------------------------------------------------------------------------------------------------

GoogleCaller() satisfies ParameterDecorator;
GoogleIdTokenParam() satisfies ParameterDecorator;
Public() satisfies MethodDecorator & ClassDecorator;
yes<Equal<ReturnType<typeof googleIdToken>, GoogleIdToken>>();
