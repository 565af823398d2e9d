import type { Server } from 'node:http';
import { requireGoogleIdToken } from '@id-token-guard/express';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import type { Trust } from '../google/world.ts';
import { BODY, bearerOf, type Framework, type Makers, makeGuard, NO_GUARD, ourOptions } from './app.ts';

const guards: Makers<RequestHandler> = {
  [NO_GUARD]: () => (_req, _res, next) => next(),
  'id-token-guard': (trust) => requireGoogleIdToken(ourOptions(trust)),
  'google-auth-library, by hand': googleAuthLibrary,
  'express-jwt + jwks-rsa': async (trust) => (await import('../contestants/express-jwt.ts')).middleware(trust),
  'express-oauth2-jwt-bearer': async (trust) =>
    (await import('../contestants/express-oauth2-jwt-bearer.ts')).middleware(trust),
};

export const framework: Framework = {
  name: 'Express',
  guards: Object.keys(guards),
  async listen(guard: string, trust: Trust): Promise<Server> {
    const app = express();
    app.use(await makeGuard(guards, guard, trust));
    app.get('/', (_req, res) => void res.json(BODY));
    app.use(answerError);
    return app.listen(0, '127.0.0.1');
  },
};

/** The peers pass their errors on. */
const answerError: ErrorRequestHandler = (error, _req, res, _next) => void res.status(error.status ?? 500).end();

async function googleAuthLibrary(trust: Trust): Promise<RequestHandler> {
  const { enter } = await import('../contestants/google-auth-library.ts');
  const verify = enter(trust);
  return async (req, res, next) => {
    try {
      await verify(bearerOf(req.headers.authorization));
    } catch {
      res.status(401).end();
      return;
    }
    next();
  };
}
