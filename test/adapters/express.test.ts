import { createServer } from 'node:http';
import type { GoogleIdToken } from '@id-token-guard/core';
import { googleIdToken, type OnRefused, requireGoogleIdToken } from '@id-token-guard/express';
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import express4 from 'express-4';
import { describe, expect, test } from 'vitest';
import { expectPublicUrl } from './behaviour/request-url.ts';
import { describeAdapter } from './suite.ts';
import { guardOptions, idToken, SENDER } from './support/fixtures.ts';
import { expectRefused } from './support/refusal-table.ts';
import { type Adapter, type App, startService } from './support/service.ts';

const MAJORS: readonly (readonly [name: string, create: typeof express])[] = [
  ['Express 5', express],
  ['Express 4', express4 as unknown as typeof express],
];

describe.each(MAJORS)('%s', (name, express) => {
  const adapter: Adapter<OnRefused> = {
    requireGoogleIdToken,
    createServer({ guard, handle, fail }) {
      const app = express();
      app.use((_req, res, next) => {
        res.set({ 'X-Request-Id': '42', 'Cache-Control': 'public, max-age=600' });
        next();
      });
      app.use(requireGoogleIdToken(...guard));
      app.use(answering((req) => handle(req.googleIdToken as GoogleIdToken)));
      app.use(errorHandler(fail));
      return createServer(app);
    },
    onRefused: (answer) => async (error, req, res) => {
      res.status(418).json(await answer(error, req.path));
    },
  };

  describeAdapter(name, adapter);

  describe('with Express', () => {
    test('onRefused may leave the answer to an error handler: next(error)', async () => {
      const onRefused: OnRefused = (error, _req, _res, next) => next(error);
      const service = await startService(adapter, { ...guardOptions(), onRefused });

      const answer = await service.get();

      expect(answer.status).toBe(500);
      expect(service.failures).toEqual([expect.objectContaining({ code: 'token_missing', status: 401 })]);
      expect(service.handled).toEqual([]);
    });

    test.each<[string, (next: NextFunction) => void]>([
      ['next()', (next) => next()],
      ["next('route')", (next) => next('route')],
      ["next('router')", (next) => next('router')],
    ])('onRefused cannot let a refused request pass: %s goes to the error handler', async (_, goOn) => {
      const onRefused: OnRefused = (_error, _req, _res, next) => goOn(next);
      const createServerThatRelies = ({ guard, handle, fail }: App<OnRefused>) => {
        const app = express().use(requireGoogleIdToken(...guard));
        app.use(answering((req) => handle(req.googleIdToken as GoogleIdToken)));
        return createServer(app.use(errorHandler(fail)));
      };
      const service = await startService(
        { ...adapter, createServer: createServerThatRelies },
        { ...guardOptions(), onRefused },
      );

      const answer = await service.get();

      expect(service.handled).toEqual([]);
      expect(answer.status).toBe(500);
      expect(service.failures).toEqual([expect.objectContaining({ code: 'token_missing' })]);
    });

    test('onRefused may answer later, without a promise, and the handler does not run meanwhile', async () => {
      const onRefused: OnRefused = ({ code }, _req, res) => {
        setImmediate(() => res.status(418).send(code));
      };
      const service = await startService(adapter, { ...guardOptions(), onRefused });

      const answer = await service.get();

      expect(answer.status).toBe(418);
      expect(answer.body).toBe('token_missing');
      expect(service.handled).toEqual([]);
      expect(service.failures).toEqual([]);
    });

    test('a handler that throws at once fails by itself', async () => {
      const service = await startService(adapter, guardOptions());
      const error = new Error('not a promise');
      service.work = () => {
        throw error;
      };

      const answer = await service.get(`Authorization: Bearer ${await idToken()}`);

      expect(answer.status).toBe(500);
      expect(service.failures).toEqual([error]);
    });

    expectPublicUrl((options) => {
      const inner = express.Router().use('/push', requireGoogleIdToken(options), (_req, res) => void res.json({}));
      const outer = express.Router().use('/v1', (req, _res, next) => {
        req.url = req.url.replace('/push', '/push/');
        next();
      });
      return createServer(express().use('/api', outer.use('/v1', inner)));
    });

    test('a guard may stand before a single route', async () => {
      const createServerOfTwoRoutes = ({ guard, handle }: App<OnRefused>) => {
        const app = express();
        app.get('/health', (_req, res) => void res.json({ healthy: true }));
        app.get(
          '/orders',
          requireGoogleIdToken(...guard),
          answering((req) => handle(googleIdToken(req))),
        );
        return createServer(app);
      };
      const service = await startService({ ...adapter, createServer: createServerOfTwoRoutes }, guardOptions());

      const health = await service.request('GET /health HTTP/1.1');
      expect(health.status).toBe(200);
      const refused = await service.get();
      expectRefused(service, refused, 'token_missing');
      const accepted = await service.get(`Authorization: Bearer ${await idToken()}`);
      expect(JSON.parse(accepted.body)).toEqual({ sub: SENDER.sub });
    });

    test('behind an optional guard, what somebody has put in the place of the token is gone', async () => {
      const createServerWithForgery = ({ handle, fail }: App<OnRefused>) => {
        const app = express();
        app.use((req, _res, next) => {
          req.googleIdToken = { claims: SENDER } as unknown as GoogleIdToken;
          next();
        });
        app.use(requireGoogleIdToken({ ...guardOptions(), optional: true }));
        app.use(answering((req) => handle(req.googleIdToken as GoogleIdToken)));
        return createServer(app.use(errorHandler(fail)));
      };
      const service = await startService({ ...adapter, createServer: createServerWithForgery }, guardOptions());

      const answer = await service.get();

      expect(answer.status).toBe(200);
      expect(service.handled).toEqual([undefined]);
    });

    test('googleIdToken(req) is req.googleIdToken', async () => {
      let same = false;
      const createServerThatCompares = ({ guard }: App<OnRefused>) => {
        const app = express().use(requireGoogleIdToken(...guard));
        app.use((req, res) => {
          same = googleIdToken(req) === req.googleIdToken;
          res.json(googleIdToken(req).caller);
        });
        return createServer(app);
      };
      const service = await startService({ ...adapter, createServer: createServerThatCompares }, guardOptions());

      const answer = await service.get(`Authorization: Bearer ${await idToken()}`);

      expect(same).toBe(true);
      expect(JSON.parse(answer.body)).toMatchObject({ kind: 'service_account', email: SENDER.email });
    });

    test('googleIdToken(req) without a guard throws an error that says what to do', async () => {
      const createServerWithoutGuard = ({ handle, fail }: App<OnRefused>) => {
        const app = express();
        app.use(answering(async (req) => handle(googleIdToken(req))));
        return createServer(app.use(errorHandler(fail)));
      };
      const service = await startService({ ...adapter, createServer: createServerWithoutGuard }, guardOptions());

      const answer = await service.get(`Authorization: Bearer ${await idToken()}`);

      expect(answer.status).toBe(500);
      expect(service.failures).toEqual([
        new Error('No verified ID token: mount requireGoogleIdToken() before this handler, without "optional".'),
      ]);
      expect(service.handled).toEqual([]);
    });
  });
});

/**
 * A handler that relies on the guard, and does not look at the token: a request that slips through is counted. Express 4
 * does not look at promises.
 */
function answering(work: (req: Request) => Promise<object>): RequestHandler {
  return async (req, res, next) => {
    try {
      res.json(await work(req));
    } catch (error) {
      next(error);
    }
  };
}

function errorHandler(fail: (error: unknown) => object) {
  return (error: unknown, _req: Request, res: Response, _next: NextFunction) => {
    res.status(500).json(fail(error));
  };
}
