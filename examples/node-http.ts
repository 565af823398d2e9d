// A service on node:http alone, without a framework, that one service account may call.
import { createServer, type Server } from 'node:http';
import { type GoogleIdTokenVerifierOptions, requireGoogleIdToken, serviceAccount } from '@id-token-guard/node';

/** `options` is for tests, which bring keys of their own. */
export function createApp(options: Pick<GoogleIdTokenVerifierOptions, 'keys' | 'onEvent'> = {}): Server {
  const guard = requireGoogleIdToken({
    audience: 'https://api.example.com',
    callers: serviceAccount('sender@my-project.iam.gserviceaccount.com'),
    ...options,
  });

  return createServer(
    guard((_req, res, { caller }) => {
      res.writeHead(200, { 'content-type': 'application/json' });
      res.end(JSON.stringify({ hello: caller }));
    }),
  );
}

if (import.meta.main) {
  createApp().listen(3000, () => console.log('Listening on http://localhost:3000'));
}
