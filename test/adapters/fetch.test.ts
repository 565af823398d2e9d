import type { Server } from 'node:http';
import { createServer as createHttp2Server, type Http2Server } from 'node:http2';
import { createAdaptorServer } from '@hono/node-server';
import { type OnRefused, requireGoogleIdToken } from '@id-token-guard/fetch';
import { describe, expect, test } from 'vitest';
import { describeHttp2 } from './behaviour/http2.ts';
import { describeAdapter } from './suite.ts';
import { createDueKeys, ExecutionContext } from './support/due-keys.ts';
import { guardOptions, idToken, SENDER } from './support/fixtures.ts';
import type { Adapter } from './support/service.ts';

const adapter: Adapter<OnRefused> = {
  requireGoogleIdToken,
  createServer({ guard, handle, fail }) {
    const handler = requireGoogleIdToken(...guard)(async (_request, googleIdToken) =>
      Response.json(await handle(googleIdToken)),
    );
    const fetch = async (request: Request) => {
      const response = await handler(request).catch((error: unknown) => Response.json(fail(error), { status: 500 }));
      response.headers.set('X-Request-Id', '42');
      return response;
    };
    return createAdaptorServer({ fetch }) as Server;
  },
  onRefused: (answer) => async (error, request) =>
    Response.json(await answer(error, new URL(request.url).pathname), { status: 418 }),
};

describeAdapter('fetch handlers', adapter);

describeAdapter('frameworks that ask admit()', {
  ...adapter,
  createServer({ guard, handle, fail }) {
    const guarding = requireGoogleIdToken(...guard);
    const fetch = async (request: Request) => {
      const response = await answer(request).catch((error: unknown) => Response.json(fail(error), { status: 500 }));
      response.headers.set('X-Request-Id', '42');
      return response;
    };
    const answer = async (request: Request) => {
      const admission = await guarding.admit(request);
      return admission.response ?? Response.json(await handle(admission.googleIdToken));
    };
    return createAdaptorServer({ fetch }) as Server;
  },
});

describeHttp2('fetch handlers', (options) => {
  const fetch = requireGoogleIdToken(options)((_request, { claims }) => new Response(claims.sub));
  return createAdaptorServer({ fetch: (request) => fetch(request), createServer: createHttp2Server }) as Http2Server;
});

describe('with a fetch handler', () => {
  const URL_OF_ORDERS = 'https://api.example.com/orders';

  async function goodRequest(): Promise<Request> {
    return new Request(URL_OF_ORDERS, { headers: { authorization: `Bearer ${await idToken()}` } });
  }

  test('whatever the runtime passes beside the request arrives behind the token', async () => {
    const seen: unknown[] = [];
    const handler = requireGoogleIdToken(guardOptions())((request, { claims }, env: object, context: object) => {
      seen.push(request, claims.sub, env, context);
      return new Response(null, { status: 204 });
    });
    const [request, env, context] = [await goodRequest(), { BINDING: 'value' }, new ExecutionContext()];

    const response = await handler(request, env, context);

    expect(response.status).toBe(204);
    expect(seen).toEqual([request, SENDER.sub, env, context]);
    expect(seen[0]).toBe(request);
    expect(seen[3]).toBe(context);
  });

  test('onRefused gets them, too', async () => {
    const seen: unknown[] = [];
    const onRefused: OnRefused = ({ code }, request, ...rest) => {
      seen.push(code, request.url, ...rest);
      return new Response(null, { status: 418 });
    };
    const handler = requireGoogleIdToken({ ...guardOptions(), onRefused })(
      (_request, _token, _env: object, _context: object) => new Response(null, { status: 204 }),
    );
    const [env, context] = [{ BINDING: 'value' }, new ExecutionContext()];

    const response = await handler(new Request(URL_OF_ORDERS), env, context);

    expect(response.status).toBe(418);
    expect(seen).toEqual(['token_missing', URL_OF_ORDERS, env, context]);
  });

  test('a runtime may pass anything', async () => {
    const handler = requireGoogleIdToken(guardOptions())(
      (_request, _token, ...rest: unknown[]) => new Response(String(rest.length)),
    );

    const response = await handler(await goodRequest(), null, undefined, 0, 'text', Symbol('info'), () => {});

    expect(await response.text()).toBe('6');
  });

  test('the body is left to the handler', async () => {
    const handler = requireGoogleIdToken(guardOptions())(async (request) => new Response(await request.text()));
    const { headers } = await goodRequest();

    const response = await handler(new Request(URL_OF_ORDERS, { method: 'POST', headers, body: 'an order' }));

    expect(await response.text()).toBe('an order');
  });

  test('one guard may stand before several handlers', async () => {
    const guard = requireGoogleIdToken(guardOptions());
    const one = guard(() => new Response('one'));
    const other = guard(() => new Response('other'));

    expect(await (await one(await goodRequest())).text()).toBe('one');
    expect(await (await other(await goodRequest())).text()).toBe('other');
    expect((await other(new Request(URL_OF_ORDERS))).status).toBe(401);
  });

  test('admit() resolves to the token, or to the response of a refusal', async () => {
    const guard = requireGoogleIdToken(guardOptions());

    const admitted = await guard.admit(await goodRequest());
    const refused = await guard.admit(new Request(URL_OF_ORDERS));

    expect(admitted).toEqual({ googleIdToken: expect.objectContaining({ claims: expect.objectContaining(SENDER) }) });
    expect(refused).toEqual({ response: expect.any(Response) });
    expect(refused.response?.status).toBe(401);
  });

  test('admit() hands whatever stands behind the request to onRefused', async () => {
    const seen: unknown[] = [];
    const onRefused: OnRefused = ({ code }, _request, ...rest) => {
      seen.push(code, ...rest);
      return new Response(null, { status: 418 });
    };
    const event = { locals: {} };

    const { response } = await requireGoogleIdToken({ ...guardOptions(), onRefused }).admit(
      new Request(URL_OF_ORDERS),
      event,
    );

    expect(response?.status).toBe(418);
    expect(seen).toEqual(['token_missing', event]);
  });

  test('admit() rejects where a function among the options fails: it never resolves to something that passes', async () => {
    const error = new Error('The database is down.');
    const callers = () => Promise.reject(error);
    const guard = requireGoogleIdToken({ ...guardOptions(), callers, optional: true });

    await expect(guard.admit(await goodRequest())).rejects.toBe(error);
  });

  test('a handler that throws at once makes the promise reject with its error', async () => {
    const error = new Error('not a promise');
    const handler = requireGoogleIdToken(guardOptions())(() => {
      throw error;
    });

    await expect(handler(await goodRequest())).rejects.toBe(error);
  });

  describe('a refresh of the keys in the background', () => {
    test.each<[string, (context: ExecutionContext) => unknown[]]>([
      ['(request, env, ctx), as on Workers', (context) => [{ KV: {} }, context]],
      ['(request, ctx), as on Vercel and Netlify', (context) => [context]],
    ])('is handed to waitUntil: %s', async (_, restOf) => {
      const { google, options, authorization, makeKeysDue } = await createDueKeys();
      const handler = createHandler(options);
      await handler(new Request(URL_OF_ORDERS, { headers: await authorization() }), ...restOf(new ExecutionContext()));
      makeKeysDue();
      const context = new ExecutionContext();

      const response = await handler(
        new Request(URL_OF_ORDERS, { headers: await authorization() }),
        ...restOf(context),
      );

      expect(response.status).toBe(200);
      expect(context.promises).toHaveLength(1);
      await context.promises[0];
      expect(google.jwksRequests).toBe(2);
    });

    test('is handed to waitUntil by admit(), too', async () => {
      const { google, options, authorization, makeKeysDue } = await createDueKeys();
      const guard = requireGoogleIdToken(options);
      await guard.admit(new Request(URL_OF_ORDERS, { headers: await authorization() }));
      makeKeysDue();
      const context = new ExecutionContext();

      const request = new Request(URL_OF_ORDERS, { headers: await authorization() });
      const { response } = await guard.admit(request, {}, context);

      expect(response).toBeUndefined();
      expect(context.promises).toHaveLength(1);
      await context.promises[0];
      expect(google.jwksRequests).toBe(2);
    });

    test('leaves the execution context alone as long as there is none', async () => {
      const { options, authorization } = await createDueKeys();
      const handler = createHandler(options);
      await handler(new Request(URL_OF_ORDERS, { headers: await authorization() }));
      const context = new ExecutionContext();

      const response = await handler(new Request(URL_OF_ORDERS, { headers: await authorization() }), {}, context);

      expect(response.status).toBe(200);
      expect(context.promises).toEqual([]);
    });

    test.each([
      ['without an execution context', []],
      ['with an execution context that has no waitUntil', [{}, {}]],
    ])('goes on %s', async (_, rest) => {
      const { google, options, authorization, makeKeysDue } = await createDueKeys();
      const handler = createHandler(options);
      await handler(new Request(URL_OF_ORDERS, { headers: await authorization() }), ...rest);
      makeKeysDue();

      const response = await handler(new Request(URL_OF_ORDERS, { headers: await authorization() }), ...rest);

      expect(response.status).toBe(200);
      expect(google.jwksRequests).toBe(2);
    });
  });
});

function createHandler(options: ReturnType<typeof guardOptions>) {
  return requireGoogleIdToken(options)((_request, { caller }, ..._rest: unknown[]) => Response.json(caller));
}
