import fastifyJwt, { type TokenOrHeader } from '@fastify/jwt';
import { requireGoogleIdToken } from '@id-token-guard/fastify';
import { type FastifyInstance, type FastifyRequest, fastify } from 'fastify';
import buildGetJwks from 'get-jwks';
import type { Trust } from '../google/world.ts';
import { BODY, type Framework, type Makers, makeGuard, NO_GUARD, ourOptions } from './app.ts';

type Guarding = (app: FastifyInstance) => unknown;

const guards: Makers<Guarding> = {
  [NO_GUARD]: () => () => {},
  'id-token-guard': (trust) => (app) => app.register(requireGoogleIdToken(ourOptions(trust))),
  '@fastify/jwt + get-jwks': (trust) => (app) => registerFastifyJwt(app, trust, false),
  '@fastify/jwt + get-jwks, cached': (trust) => (app) => registerFastifyJwt(app, trust, true),
};

export const framework: Framework = {
  name: 'Fastify',
  guards: Object.keys(guards),
  async listen(guard, trust) {
    const app = fastify();
    const register = await makeGuard(guards, guard, trust);
    await register(app);
    app.get('/', async () => BODY);
    await app.listen({ port: 0, host: '127.0.0.1' });
    return app.server;
  },
};

/** As the README of get-jwks says, but with a fixed address: it would take that from the token's issuer. */
async function registerFastifyJwt(app: FastifyInstance, trust: Trust, cache: boolean): Promise<void> {
  const { origin, pathname } = new URL(trust.jwksUrl);
  const getJwks = buildGetJwks({ jwksPath: pathname });
  await app.register(fastifyJwt, {
    decode: { complete: true },
    secret: (_request: FastifyRequest, token: TokenOrHeader) => {
      const { kid, alg } = 'header' in token && 'payload' in token ? token.header : token;
      return getJwks.getPublicKey({ kid, alg, domain: origin });
    },
    verify: { algorithms: ['RS256'], allowedAud: trust.audience, allowedIss: trust.issuer, cache },
  });
  app.addHook('onRequest', (request) => request.jwtVerify());
}
