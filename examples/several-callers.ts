// Different callers for different routes: one key set and one audience, a guard per route.
import {
  anyOf,
  type GoogleIdTokenVerifierOptions,
  googleIdToken,
  requireGoogleIdToken,
  serviceAccount,
  user,
  workspaceDomain,
} from '@id-token-guard/express';
import express, { type Express, type RequestHandler } from 'express';

/** `options` is for tests, which bring keys of their own. */
export function createApp(options: Pick<GoogleIdTokenVerifierOptions, 'keys' | 'onEvent'> = {}): Express {
  const only = (callers: GoogleIdTokenVerifierOptions['callers']): RequestHandler =>
    requireGoogleIdToken({ audience: 'https://api.example.com', callers, ...options });

  const app = express();
  app.post('/orders', only(serviceAccount('shop@my-project.iam.gserviceaccount.com')), greet);
  app.get(
    '/reports',
    only(anyOf(serviceAccount('reports@my-project.iam.gserviceaccount.com'), workspaceDomain('example.com'))),
    greet,
  );
  app.delete('/everything', only(user('ada@example.com')), greet);
  return app;
}

const greet: RequestHandler = (req, res) => {
  const { caller } = googleIdToken(req);
  res.json({ hello: caller.kind === 'subject' ? caller.subject : caller.email });
};

if (import.meta.main) {
  createApp().listen(3000, () => console.log('Listening on http://localhost:3000'));
}
