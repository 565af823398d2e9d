// A service on Hono that one service account may call. The same app runs on every runtime that Hono runs on.
import { serve } from '@hono/node-server';
import { type GoogleIdTokenVerifierOptions, requireGoogleIdToken, serviceAccount } from '@id-token-guard/hono';
import { Hono } from 'hono';

/** `options` is for tests, which bring keys of their own. */
export function createApp(options: Pick<GoogleIdTokenVerifierOptions, 'keys' | 'onEvent'> = {}) {
  return new Hono()
    .use(
      requireGoogleIdToken({
        audience: 'https://api.example.com',
        callers: serviceAccount('sender@my-project.iam.gserviceaccount.com'),
        ...options,
      }),
    )
    .get('/hello', (c) => c.json({ hello: c.get('googleIdToken').caller }));
}

if (import.meta.main) {
  serve({ fetch: createApp().fetch, port: 3000 }, () => console.log('Listening on http://localhost:3000'));
}
