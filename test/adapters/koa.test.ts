import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { GoogleIdToken, GoogleIdTokenVerifierOptions } from '@id-token-guard/core';
import { type OnRefused, requireGoogleIdToken } from '@id-token-guard/koa';
import express from 'express';
import Koa3 from 'koa';
import Koa2 from 'koa-2';
import { describe, expect, test } from 'vitest';
import { describeHttp2 } from './behaviour/http2.ts';
import { expectPublicUrl } from './behaviour/request-url.ts';
import { describeAdapter } from './suite.ts';
import { guardOptions, idToken, SENDER } from './support/fixtures.ts';
import { type Adapter, type App, startService } from './support/service.ts';

const MAJORS: readonly (readonly [name: string, Koa: typeof Koa3])[] = [
  ['Koa 3', Koa3],
  ['Koa 2', Koa2 as unknown as typeof Koa3],
];

describe.each(MAJORS)('%s', (name, Koa) => {
  const adapter: Adapter<OnRefused> = {
    requireGoogleIdToken,
    createServer({ guard, handle, fail }) {
      const app = new Koa();
      app.use(async (ctx, next) => {
        try {
          await next();
        } catch (error) {
          ctx.status = 500;
          ctx.body = fail(error);
        }
      });
      app.use((ctx, next) => {
        ctx.set({ 'X-Request-Id': '42', 'Cache-Control': 'public, max-age=600' });
        return next();
      });
      app.use(requireGoogleIdToken(...guard)).use(async (ctx) => {
        ctx.body = await handle(ctx.state.googleIdToken);
      });
      return createServer(app.callback());
    },
    onRefused: (answer) => async (error, ctx) => {
      ctx.body = await answer(error, ctx.path);
      ctx.status = 418;
    },
  };

  describeAdapter(name, adapter);

  describeHttp2(name, (options) => {
    const app = new Koa();
    app.use(requireGoogleIdToken(options)).use((ctx) => {
      ctx.body = ctx.state.googleIdToken.claims.sub;
    });
    return createHttp2Server(app.callback());
  });

  describe('with Koa, cutting off what was matched as koa-mount does,', () => {
    const createApp = (options: GoogleIdTokenVerifierOptions) =>
      new Koa()
        .use((ctx, next) => {
          ctx.path = ctx.path.replace(/^.*\/v1/, '');
          return next();
        })
        .use(requireGoogleIdToken(options))
        .use((ctx) => {
          ctx.body = ctx.path;
        });

    expectPublicUrl((options) => createServer(createApp(options).callback()));

    describe('in an app of Express,', () => {
      expectPublicUrl((options) => createServer(express().use('/api', createApp(options).callback())));
    });
  });

  describe('with Koa', () => {
    /** Without a middleware that catches: Koa answers, and tells its `error` listeners. */
    const plainAdapter: Adapter<OnRefused> = {
      ...adapter,
      createServer({ guard, handle, fail }) {
        const app = new Koa();
        app.on('error', fail);
        app.use(requireGoogleIdToken(...guard)).use(async (ctx) => {
          ctx.body = await handle(ctx.state.googleIdToken);
        });
        return createServer(app.callback());
      },
    };

    test("onRefused may leave the answer to Koa's own error handling: ctx.throw()", async () => {
      const onRefused: OnRefused = ({ code }, ctx) => ctx.throw(418, `I am a teapot: ${code}`);
      const service = await startService(plainAdapter, { ...guardOptions(), onRefused });

      const answer = await service.get();

      expect(answer.status).toBe(418);
      expect(answer.body).toBe('I am a teapot: token_missing');
      expect(service.failures).toEqual([expect.objectContaining({ status: 418 })]);
      expect(service.handled).toEqual([]);
    });

    test('behind an optional guard, what somebody has put in the place of the token is gone', async () => {
      const createServerWithForgery = ({ handle }: App<OnRefused>) => {
        const app = new Koa();
        app.use((ctx, next) => {
          ctx.state.googleIdToken = { claims: SENDER };
          return next();
        });
        app.use(requireGoogleIdToken({ ...guardOptions(), optional: true })).use(async (ctx) => {
          ctx.body = await handle(ctx.state.googleIdToken as GoogleIdToken);
        });
        return createServer(app.callback());
      };
      const service = await startService({ ...adapter, createServer: createServerWithForgery }, guardOptions());

      const answer = await service.get();

      expect(answer.status).toBe(200);
      expect(service.handled).toEqual([undefined]);
    });

    test('onRefused that does nothing leaves the request unanswered, which is 404', async () => {
      const service = await startService(plainAdapter, { ...guardOptions(), onRefused: () => {} });

      const answer = await service.get();

      expect(answer.status).toBe(404);
      expect(service.handled).toEqual([]);
    });

    test("a handler's own failure reaches the error listeners", async () => {
      const service = await startService(plainAdapter, guardOptions());
      const error = new Error('The database is down.');
      service.work = () => Promise.reject(error);

      const answer = await service.get(`Authorization: Bearer ${await idToken()}`);

      expect(answer.status).toBe(500);
      expect(answer.headers).not.toHaveProperty('www-authenticate');
      expect(service.failures).toEqual([error]);
    });
  });
});
