import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { requireGoogleIdToken } from '@id-token-guard/hono';
import { Hono, type MiddlewareHandler } from 'hono';
import { jwk } from 'hono/jwk';
import type { Trust } from '../google/world.ts';
import { BODY, type Framework, type Makers, makeGuard, NO_GUARD, ourOptions } from './app.ts';

const guards: Makers<MiddlewareHandler> = {
  [NO_GUARD]: () => (_c, next) => next(),
  'id-token-guard': (trust) => requireGoogleIdToken(ourOptions(trust)),
  'hono/jwk, given keys': honoJwk,
};

export const framework: Framework = {
  name: 'Hono',
  guards: Object.keys(guards),
  async listen(guard, trust) {
    const app = new Hono();
    app.use(await makeGuard(guards, guard, trust));
    app.get('/', (c) => c.json(BODY));
    return serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server;
  },
};

/** With the keys given: from an address it would fetch them for every request. */
function honoJwk({ audience, issuer, keys }: Trust): MiddlewareHandler {
  return jwk({ keys: keys.map((key) => ({ ...key })), alg: ['RS256'], verification: { aud: audience, iss: issuer } });
}
