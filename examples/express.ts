// A service on Express that one service account may call.
import {
  type GoogleIdTokenVerifierOptions,
  googleIdToken,
  requireGoogleIdToken,
  serviceAccount,
} from '@id-token-guard/express';
import express, { type Express } from 'express';

/** `options` is for tests, which bring keys of their own. */
export function createApp(options: Pick<GoogleIdTokenVerifierOptions, 'keys' | 'onEvent'> = {}): Express {
  const app = express();
  app.use(
    requireGoogleIdToken({
      audience: 'https://api.example.com',
      callers: serviceAccount('sender@my-project.iam.gserviceaccount.com'),
      ...options,
    }),
  );
  app.get('/hello', (req, res) => {
    res.json({ hello: googleIdToken(req).caller });
  });
  return app;
}

if (import.meta.main) {
  createApp().listen(3000, () => console.log('Listening on http://localhost:3000'));
}
