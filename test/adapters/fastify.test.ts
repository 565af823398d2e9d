import type { GoogleIdToken } from '@id-token-guard/core';
import { googleIdToken, type OnRefused, requireGoogleIdToken } from '@id-token-guard/fastify';
import { fastify, type onRequestHookHandler } from 'fastify';
import { describe, expect, test } from 'vitest';
import { describeHttp2 } from './behaviour/http2.ts';
import { expectPublicUrl } from './behaviour/request-url.ts';
import { describeAdapter } from './suite.ts';
import { guardOptions, idToken, SENDER } from './support/fixtures.ts';
import { type Adapter, startService } from './support/service.ts';

const adapter: Adapter<OnRefused> = {
  requireGoogleIdToken,
  async createServer({ guard, handle, fail }) {
    const app = fastify();
    app.addHook('onRequest', async (_request, reply) => {
      reply.headers({ 'X-Request-Id': '42', 'Cache-Control': 'public, max-age=600' });
    });
    app.register(requireGoogleIdToken(...guard));
    // It relies on the guard, and does not look at the token: a request that slips through is counted.
    app.all('/*', (request) => handle(request.googleIdToken as GoogleIdToken));
    app.setErrorHandler((error, _request, reply) => reply.code(500).send(fail(error)));
    await app.ready();
    return app.server;
  },
  onRefused: (answer) => async (error, request, reply) => {
    const body = await answer(error, request.url.replace(/\?.*/, ''));
    reply.code(418).send(body);
  },
};

describeAdapter('Fastify', adapter);

describeHttp2('Fastify', async (options) => {
  const app = fastify({ http2: true });
  app.register(requireGoogleIdToken(options));
  app.get('/orders', async (request) => request.googleIdToken?.claims.sub);
  await app.ready();
  return app.server;
});

describe('with Fastify', () => {
  expectPublicUrl(async (options) => {
    const app = fastify({ rewriteUrl: ({ url = '' }) => url.replace('/api', '/internal') });
    app.register(
      async (scope) => {
        scope.register(requireGoogleIdToken(options));
        scope.get('/push', async () => ({}));
      },
      { prefix: '/internal/v1' },
    );
    await app.ready();
    return app.server;
  });

  test('onRefused may leave the answer to the error handler by throwing', async () => {
    const onRefused: OnRefused = (error) => {
      throw error;
    };
    const service = await startService(adapter, { ...guardOptions(), onRefused });

    const answer = await service.get();

    expect(answer.status).toBe(500);
    expect(service.failures).toEqual([expect.objectContaining({ code: 'token_missing', status: 401 })]);
    expect(service.handled).toEqual([]);
  });

  test('onRefused may answer later, without a promise, and the handler does not run meanwhile', async () => {
    const onRefused: OnRefused = ({ code }, _request, reply) => {
      setImmediate(() => reply.code(418).send(code));
    };
    const service = await startService(adapter, { ...guardOptions(), onRefused });

    const answer = await service.get();

    expect(answer.status).toBe(418);
    expect(answer.body).toBe('token_missing');
    expect(service.handled).toEqual([]);
    expect(service.failures).toEqual([]);
  });

  test('a guard stands before the routes of its scope, whatever the order, and of the scopes below', async () => {
    const app = fastify();
    app.get('/health', async () => 'fine');
    app.register(async (scope) => {
      scope.get('/before', async (request) => googleIdToken(request).claims.sub);
      scope.register(requireGoogleIdToken(guardOptions()));
      scope.get('/after', async (request) => googleIdToken(request).claims.sub);
      scope.register(async (below) => {
        below.get('/below', async (request) => googleIdToken(request).claims.sub);
      });
    });
    const headers = { authorization: `Bearer ${await idToken()}` };

    expect((await app.inject('/health')).statusCode).toBe(200);
    for (const url of ['/before', '/after', '/below']) {
      expect((await app.inject(url)).statusCode).toBe(401);
      expect((await app.inject({ url, headers })).body).toBe(SENDER.sub);
    }
  });

  test('what answers in a hook that was registered before the guard is not guarded, and behind it, it is', async () => {
    const answering: onRequestHookHandler = (request, reply, done) => {
      request.url === '/files' ? reply.send('a file') : done();
    };
    const [before, behind] = [fastify(), fastify()];
    before.addHook('onRequest', answering);
    before.register(requireGoogleIdToken(guardOptions()));
    behind.register(requireGoogleIdToken(guardOptions()));
    behind.register(async (scope) => {
      scope.addHook('onRequest', answering);
      scope.get('/files', async () => 'never');
    });

    expect((await before.inject('/files')).statusCode).toBe(200);
    expect((await behind.inject('/files')).statusCode).toBe(401);
  });

  test('behind an optional guard, what somebody has put in the place of the token is gone', async () => {
    const app = fastify();
    app.decorateRequest('googleIdToken');
    app.addHook('onRequest', async (request) => {
      request.googleIdToken = { claims: SENDER } as unknown as GoogleIdToken;
    });
    app.register(requireGoogleIdToken({ ...guardOptions(), optional: true }));
    app.get('/orders', async (request) => ({ token: request.googleIdToken ?? 'none' }));

    expect((await app.inject('/orders')).json()).toEqual({ token: 'none' });
  });

  test('a path without a route is refused, too, and not 404', async () => {
    const app = fastify();
    app.register(requireGoogleIdToken(guardOptions()));

    expect((await app.inject('/nothing-here')).statusCode).toBe(401);
  });

  test('googleIdToken(request) without a guard throws an error that says what to do', async () => {
    const app = fastify();
    app.get('/orders', async (request) => googleIdToken(request).claims.sub);

    const response = await app.inject('/orders');

    expect(response.statusCode).toBe(500);
    expect(response.json()).toMatchObject({
      message: 'No verified ID token: register requireGoogleIdToken() in the scope of this route, without "optional".',
    });
  });
});
