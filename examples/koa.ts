// A service on Koa that one service account may call.
import { type GoogleIdTokenVerifierOptions, requireGoogleIdToken, serviceAccount } from '@id-token-guard/koa';
import Koa from 'koa';

/** `options` is for tests, which bring keys of their own. */
export function createApp(options: Pick<GoogleIdTokenVerifierOptions, 'keys' | 'onEvent'> = {}): Koa {
  const app = new Koa();
  app
    .use(
      requireGoogleIdToken({
        audience: 'https://api.example.com',
        callers: serviceAccount('sender@my-project.iam.gserviceaccount.com'),
        ...options,
      }),
    )
    .use((ctx) => {
      ctx.body = { hello: ctx.state.googleIdToken.caller };
    });
  return app;
}

if (import.meta.main) {
  createApp().listen(3000, () => console.log('Listening on http://localhost:3000'));
}
