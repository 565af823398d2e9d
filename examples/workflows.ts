// A service on Hono that a workflow calls.
//
// - charge:
//     call: http.post
//     args:
//       url: https://api.example.com/charges
//       auth: { type: OIDC, audience: https://api.example.com }
import { serve } from '@hono/node-server';
import { type GoogleIdTokenVerifierOptions, requireGoogleIdToken, serviceAccount } from '@id-token-guard/hono';
import { Hono } from 'hono';

/** `options` is for tests, which bring keys of their own. */
export function createApp(options: Pick<GoogleIdTokenVerifierOptions, 'keys' | 'onEvent'> = {}) {
  return new Hono()
    .use(
      requireGoogleIdToken({
        audience: 'https://api.example.com',
        callers: serviceAccount('workflow@my-project.iam.gserviceaccount.com'),
        ...options,
      }),
    )
    .post('/charges', async (c) => {
      const { amount } = await c.req.json<{ amount: number }>();
      return c.json({ charged: amount }); // What the workflow's step returns as `body`.
    });
}

if (import.meta.main) {
  serve({ fetch: createApp().fetch, port: 3000 }, () => console.log('Listening on http://localhost:3000'));
}
