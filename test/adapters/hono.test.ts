import type { Server } from 'node:http';
import { createServer as createHttp2Server, type Http2Server } from 'node:http2';
import { createAdaptorServer } from '@hono/node-server';
import { type OnRefused, requireGoogleIdToken } from '@id-token-guard/hono';
import { Hono as NewestHono } from 'hono';
import { HTTPException as NewestException } from 'hono/http-exception';
import { Hono as OldestHono } from 'hono-4.0';
import { HTTPException as OldestException } from 'hono-4.0/http-exception';
import { beforeEach, describe, expect, test } from 'vitest';
import { describeHttp2 } from './behaviour/http2.ts';
import { describeOnRefused } from './behaviour/on-refused.ts';
import { describeAcceptedRequests, describeRefusedRequests } from './behaviour/refusals.ts';
import { expectPublicUrl } from './behaviour/request-url.ts';
import { describeAdapter } from './suite.ts';
import { createDueKeys, ExecutionContext } from './support/due-keys.ts';
import { google, guardOptions, idToken, SENDER } from './support/fixtures.ts';
import type { Adapter } from './support/service.ts';

/** The oldest one that npm puts beside the adapter, and the newest. */
const VERSIONS: readonly (readonly [name: string, Hono: typeof NewestHono, Exception: typeof NewestException])[] = [
  ['Hono 4', NewestHono, NewestException],
  ['Hono 4.0.0', OldestHono as unknown as typeof NewestHono, OldestException as unknown as typeof NewestException],
];

describe.each(VERSIONS)('%s', (name, Hono, HTTPException) => {
  const adapter: Adapter<OnRefused> = {
    requireGoogleIdToken,
    createServer({ guard, handle, fail }) {
      const app = new Hono()
        .use((c, next) => {
          c.header('X-Request-Id', '42');
          c.header('Cache-Control', 'public, max-age=600');
          return next();
        })
        .use(requireGoogleIdToken(...guard))
        .all('*', async (c) => c.json(await handle(c.get('googleIdToken'))))
        .onError((error, c) => c.json(fail(error), 500));
      return createAdaptorServer({ fetch: app.fetch }) as Server;
    },
    onRefused: (answer) => async (error, c) => c.json(await answer(error, c.req.path), 418),
  };

  if (Hono === NewestHono) {
    describeAdapter(name, adapter);
  } else {
    // What the headers say is read by the same code everywhere.
    beforeEach(() => google.answerWith('ok'));
    describeAcceptedRequests(adapter);
    describeRefusedRequests(adapter);
    describeOnRefused(adapter);
  }

  describeHttp2(name, (options) => {
    const app = new Hono()
      .use(requireGoogleIdToken(options))
      .get('/orders', (c) => c.text(c.var.googleIdToken.claims.sub));
    return createAdaptorServer({ fetch: app.fetch, createServer: createHttp2Server }) as Http2Server;
  });

  describe('with Hono', () => {
    expectPublicUrl((options) => {
      const inner = new Hono().use(requireGoogleIdToken(options)).get('/push', (c) => c.json({}));
      const app = new Hono().basePath('/api').route('/v1', inner);
      return createAdaptorServer({ fetch: app.fetch }) as Server;
    });

    test('the token is in c.get() and in c.var', async () => {
      const app = new Hono()
        .use(requireGoogleIdToken(guardOptions()))
        .get('/orders', (c) => c.json([c.get('googleIdToken').claims.sub, c.var.googleIdToken.claims.sub]));

      const response = await app.request('/orders', { headers: { authorization: `Bearer ${await idToken()}` } });

      expect(await response.json()).toEqual([SENDER.sub, SENDER.sub]);
    });

    test('a guard may stand before some of the routes', async () => {
      const app = new Hono()
        .get('/health', (c) => c.text('fine'))
        .use('/orders/*', requireGoogleIdToken(guardOptions()))
        .get('/orders/:id', (c) => c.text(c.get('googleIdToken').claims.sub));

      expect((await app.request('/health')).status).toBe(200);
      expect((await app.request('/orders/1')).status).toBe(401);
    });

    test("onRefused may leave the answer to Hono's error handling: HTTPException", async () => {
      const onRefused: OnRefused = ({ code }) => {
        throw new HTTPException(418, { message: `I am a teapot: ${code}` });
      };
      let handled = 0;
      const app = new Hono().use(requireGoogleIdToken({ ...guardOptions(), onRefused })).get('/orders', (c) => {
        handled += 1;
        return c.body(null, 204);
      });

      const response = await app.request('/orders');

      expect(response.status).toBe(418);
      expect(await response.text()).toBe('I am a teapot: token_missing');
      expect(handled).toBe(0);
    });

    test('behind an optional guard, what somebody has put in the place of the token is gone', async () => {
      const app = new Hono<{ Variables: { googleIdToken: unknown } }>()
        .use((c, next) => {
          c.set('googleIdToken', { claims: SENDER });
          return next();
        })
        .use(requireGoogleIdToken({ ...guardOptions(), optional: true }))
        .get('/orders', (c) => c.json({ token: c.get('googleIdToken') ?? 'none' }));

      const response = await app.request('/orders');

      expect(await response.json()).toEqual({ token: 'none' });
    });

    test('onRefused may return a plain Response', async () => {
      const onRefused: OnRefused = ({ code }) => new Response(code, { status: 418 });
      const app = new Hono().use(requireGoogleIdToken({ ...guardOptions(), onRefused }));

      const response = await app.request('/orders');

      expect(response.status).toBe(418);
      expect(await response.text()).toBe('token_missing');
    });

    test('headers that were put on c.res before do not replace those of a refusal', async () => {
      const app = new Hono()
        .use((c, next) => {
          c.res.headers.set('Access-Control-Allow-Origin', 'https://shop.example.com');
          c.res.headers.set('Cache-Control', 'public, max-age=600');
          return next();
        })
        .use(requireGoogleIdToken(guardOptions()));

      const { status, headers } = await app.request('/orders');

      expect(status).toBe(401);
      expect(headers.get('access-control-allow-origin')).toBe('https://shop.example.com');
      expect(headers.get('cache-control')).toBe('no-store');
    });

    describe('a refresh of the keys in the background', () => {
      test('is handed to waitUntil of the execution context', async () => {
        const { google, options, authorization, makeKeysDue } = await createDueKeys();
        const app = createApp(options);
        await app.request('/orders', { headers: await authorization() }, {}, new ExecutionContext());
        makeKeysDue();
        const context = new ExecutionContext();

        const response = await app.request('/orders', { headers: await authorization() }, {}, context);

        expect(response.status).toBe(200);
        expect(context.promises).toHaveLength(1);
        await context.promises[0];
        expect(google.jwksRequests).toBe(2);
      });

      test('leaves the execution context alone as long as there is none', async () => {
        const { options, authorization } = await createDueKeys();
        const app = createApp(options);
        await app.request('/orders', { headers: await authorization() });
        const context = new ExecutionContext();

        const response = await app.request('/orders', { headers: await authorization() }, {}, context);

        expect(response.status).toBe(200);
        expect(context.promises).toEqual([]);
      });

      test.each([
        ['without an execution context', undefined],
        ['with an execution context that has no waitUntil', {} as ExecutionContext],
      ])('goes on %s', async (_, context) => {
        const { google, options, authorization, makeKeysDue } = await createDueKeys();
        const app = createApp(options);
        await app.request('/orders', { headers: await authorization() }, {}, context);
        makeKeysDue();

        const response = await app.request('/orders', { headers: await authorization() }, {}, context);

        expect(response.status).toBe(200);
        expect(google.jwksRequests).toBe(2);
      });
    });
  });

  function createApp(options: ReturnType<typeof guardOptions>) {
    return new Hono().use(requireGoogleIdToken(options)).get('/orders', (c) => c.json(c.get('googleIdToken').caller));
  }
});
