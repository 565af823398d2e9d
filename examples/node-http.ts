// A service on node:http alone, without a framework, that one service account may call.
import { createServer, type Server, type ServerResponse } from 'node:http';
import {
  createGoogleIdTokenVerifier,
  type GoogleIdToken,
  type GoogleIdTokenVerifierOptions,
  isGoogleIdTokenError,
  nodeHeaders,
  serviceAccount,
  toRefusal,
} from '@id-token-guard/core';

/** `options` is for tests, which bring keys of their own. */
export function createApp(options: Pick<GoogleIdTokenVerifierOptions, 'keys' | 'onEvent'> = {}): Server {
  const verifier = createGoogleIdTokenVerifier({
    audience: 'https://api.example.com',
    callers: serviceAccount('sender@my-project.iam.gserviceaccount.com'),
    ...options,
  });

  return createServer((req, res) => {
    verifier.authenticate(nodeHeaders(req)).then(
      (googleIdToken) => hello(googleIdToken, res),
      (error) => refuse(error, res),
    );
  });
}

function hello({ caller }: GoogleIdToken, res: ServerResponse): void {
  res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ hello: caller }));
}

function refuse(error: unknown, res: ServerResponse): void {
  if (!isGoogleIdTokenError(error)) {
    res.writeHead(500).end(); // A fault of the service, not of the request.
    return;
  }
  const { status, headers, body } = toRefusal(error);
  res.writeHead(status, headers).end(body);
}

if (import.meta.main) {
  createApp().listen(3000, () => console.log('Listening on http://localhost:3000'));
}
