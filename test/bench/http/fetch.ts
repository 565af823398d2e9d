import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { requireGoogleIdToken } from '@id-token-guard/fetch';
import { BODY, bearerOf, type Framework, type Makers, makeGuard, NO_GUARD, ourOptions } from './app.ts';

type Handler = (request: Request) => Response | Promise<Response>;

const guards: Makers<Handler> = {
  [NO_GUARD]: () => () => Response.json(BODY),
  'id-token-guard': (trust) => {
    const guarded = requireGoogleIdToken(ourOptions(trust))(() => Response.json(BODY));
    return (request) => guarded(request);
  },
  'jose, by hand': async (trust) => {
    const { enter } = await import('../contestants/jose.ts');
    const verify = enter(trust);
    return async (request) => {
      try {
        await verify(bearerOf(request.headers.get('authorization')));
      } catch {
        return new Response(null, { status: 401 });
      }
      return Response.json(BODY);
    };
  },
};

export const framework: Framework = {
  name: 'fetch',
  guards: Object.keys(guards),
  async listen(guard, trust) {
    const handler = await makeGuard(guards, guard, trust);
    return serve({ fetch: handler, port: 0, hostname: '127.0.0.1' }) as Server;
  },
};
