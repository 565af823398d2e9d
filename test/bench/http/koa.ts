import { requireGoogleIdToken } from '@id-token-guard/koa';
import Koa, { type Middleware } from 'koa';
import { BODY, type Framework, type Makers, makeGuard, NO_GUARD, ourOptions } from './app.ts';

const guards: Makers<Middleware> = {
  [NO_GUARD]: () => (_ctx, next) => next(),
  'id-token-guard': (trust) => requireGoogleIdToken(ourOptions(trust)) as Middleware,
  'koa-jwt + jwks-rsa': async (trust) => (await import('../contestants/koa-jwt.ts')).middleware(trust),
};

export const framework: Framework = {
  name: 'Koa',
  guards: Object.keys(guards),
  async listen(guard, trust) {
    const app = new Koa();
    app.use(await makeGuard(guards, guard, trust));
    app.use((ctx) => {
      ctx.body = BODY;
    });
    return app.listen(0, '127.0.0.1');
  },
};
