// A gRPC server that one service account may call: every method, unary or stream, but those of the health service.

import { Metadata, ServerInterceptingCall, type ServerInterceptor, ServerListenerBuilder, status } from '@grpc/grpc-js';
import { type GoogleIdToken, type GoogleIdTokenVerifier, isGoogleIdTokenError } from '@id-token-guard/core';

/** What a refusal becomes in gRPC, by its HTTP status: a request that is no good for its token is unauthenticated. */
const CODES: Readonly<Record<400 | 401 | 403 | 503, status>> = {
  400: status.UNAUTHENTICATED,
  401: status.UNAUTHENTICATED,
  403: status.PERMISSION_DENIED,
  503: status.UNAVAILABLE,
};

const HEALTH = '/grpc.health.v1.Health/';

/** By the metadata that a handler gets: who is calling. */
const TOKENS = new WeakMap<Metadata, GoogleIdToken>();

/** The verified token of a call behind the interceptor. */
export function googleIdToken(call: { readonly metadata: Metadata }): GoogleIdToken {
  const token = TOKENS.get(call.metadata);
  if (token === undefined) {
    throw new Error('No verified ID token: give the server the interceptor.');
  }
  return token;
}

/** The handler hears nothing of a call, neither metadata nor messages, until its token has been verified. */
export function requireGoogleIdToken(verifier: GoogleIdTokenVerifier): ServerInterceptor {
  return (method, call) => {
    if (method.path.startsWith(HEALTH)) {
      return new ServerInterceptingCall(call);
    }
    let refused = false;
    const listener = new ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, next) => {
        const values = metadata.get('authorization').map(String);
        verifier.authenticate({ authorization: values }).then(
          (token) => {
            TOKENS.set(metadata, token);
            next(metadata);
          },
          (error: unknown) => {
            refused = true;
            call.sendStatus(statusOf(error));
          },
        );
      })
      .withOnReceiveMessage((message, next) => refused || next(message))
      .withOnReceiveHalfClose((next) => refused || next())
      .build();
    return new ServerInterceptingCall(call, { start: (next) => next(listener) });
  };
}

function statusOf(error: unknown): { code: status; details: string; metadata: Metadata } {
  const metadata = new Metadata();
  if (!isGoogleIdTokenError(error)) {
    return { code: status.INTERNAL, details: 'Internal error.', metadata };
  }
  metadata.set('id-token-guard-code', error.code);
  if (error.retryAfterSeconds !== undefined) {
    // Clients of gRPC with a retry policy wait for as long as this says, in milliseconds.
    metadata.set('grpc-retry-pushback-ms', String(error.retryAfterSeconds * 1000));
  }
  return { code: CODES[error.status], details: error.message, metadata };
}
