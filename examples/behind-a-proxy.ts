// A service behind a proxy: senders know it by its public URL, it sees another one.
//
// The audience is what the sender was configured with, never what the request looks like here: no Host, no
// X-Forwarded-* header is read. urlsUnder() takes the public URL, and accepts the path and query that senders add.
import {
  type GoogleIdTokenVerifierOptions,
  requireGoogleIdToken,
  serviceAccount,
  urlsUnder,
} from '@id-token-guard/express';
import express, { type Express } from 'express';

/** `options` is for tests, which bring keys of their own. */
export function createApp(options: Pick<GoogleIdTokenVerifierOptions, 'keys' | 'onEvent'> = {}): Express {
  const app = express();
  app.use(
    requireGoogleIdToken({
      audience: urlsUnder('https://public.example.com/hooks'),
      callers: serviceAccount('sender@my-project.iam.gserviceaccount.com'),
      ...options,
    }),
  );
  // The proxy strips /hooks.
  app.post('/orders', (_req, res) => {
    res.status(204).end();
  });
  return app;
}

if (import.meta.main) {
  createApp().listen(3000, () => console.log('Listening on http://localhost:3000'));
}
