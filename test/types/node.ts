/*
 * The types of the adapter for node:http, checked by the compiler: this file compiles as long as they hold, and never runs.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2Server, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  createGoogleIdTokenVerifier,
  type GoogleIdToken,
  type GoogleIdTokenError,
  serviceAccount,
} from '@id-token-guard/core';
import { type NodeGuard, requireGoogleIdToken } from '@id-token-guard/node';
import { type Equal, yes } from './assert.ts';

const audience = 'https://api.example.com';
const callers = serviceAccount('sender@my-project.iam.gserviceaccount.com');
const verifier = createGoogleIdTokenVerifier({ audience, callers });

// --- The arguments ------------------------------------------------------------------------------------------------

yes<Equal<ReturnType<typeof requireGoogleIdToken>, NodeGuard>>();
requireGoogleIdToken(audience);
requireGoogleIdToken({ audience, callers });
requireGoogleIdToken(verifier, { header: 'x-serverless-authorization' });

// @ts-expect-error An environment variable may not be set.
requireGoogleIdToken(process.env['AUDIENCE']);

// @ts-expect-error With options, the callers cannot be forgotten.
requireGoogleIdToken({ audience });

// @ts-expect-error A verifier has its callers already.
requireGoogleIdToken(verifier, { callers });

// --- Listeners ----------------------------------------------------------------------------------------------------

const guard = requireGoogleIdToken({
  audience,
  callers,
  onRefused(error, req, res) {
    yes<Equal<typeof error, GoogleIdTokenError>>();
    yes<Equal<typeof req, IncomingMessage | Http2ServerRequest>>();
    res.writeHead(error.status, { 'content-length': 0 });
    res.end('');
  },
});

createServer(
  guard((req, res, googleIdToken) => {
    req satisfies IncomingMessage;
    res satisfies ServerResponse;
    yes<Equal<typeof googleIdToken, GoogleIdToken>>();
    res.end();
  }),
).on(
  'upgrade',
  guard.upgrade((req, socket, head, googleIdToken) => {
    yes<Equal<typeof req, IncomingMessage>>();
    yes<Equal<typeof socket, Duplex>>();
    yes<Equal<typeof head, Buffer>>();
    yes<Equal<typeof googleIdToken, GoogleIdToken>>();
  }),
);

createHttp2Server(guard((_req: Http2ServerRequest, res: Http2ServerResponse) => void res.end()));

// A handler may ask for the very socket that a server of Node.js has.
guard.upgrade((_req, socket: Socket) => socket.setNoDelay(true));

// --- optional -----------------------------------------------------------------------------------------------------

const optionalGuard = requireGoogleIdToken({ audience, callers, optional: true });
createServer(
  optionalGuard((_req, res, googleIdToken) => {
    yes<Equal<typeof googleIdToken, GoogleIdToken | undefined>>();
    // @ts-expect-error Somebody has to look whether there is a token.
    res.end(googleIdToken.caller.kind);
  }),
).on(
  'upgrade',
  optionalGuard.upgrade((_req, _socket, _head, googleIdToken) => {
    yes<Equal<typeof googleIdToken, GoogleIdToken | undefined>>();
  }),
);

export function maybeOptional(optional: boolean): NodeGuard<GoogleIdToken | undefined> {
  // @ts-expect-error With options, the callers cannot be forgotten.
  requireGoogleIdToken({ audience, optional: true });
  return requireGoogleIdToken({ audience, callers, optional });
}
