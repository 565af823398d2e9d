import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2Server, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { type OnRefused, requireGoogleIdToken } from '@id-token-guard/node';
import express from 'express';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { describeHttp2 } from './behaviour/http2.ts';
import { expectPublicUrl } from './behaviour/request-url.ts';
import { describeAdapter } from './suite.ts';
import { guardOptions, idToken, SENDER } from './support/fixtures.ts';
import { expectRefused } from './support/refusal-table.ts';
import { type Adapter, startService } from './support/service.ts';

const adapter: Adapter<OnRefused> = {
  requireGoogleIdToken,
  createServer({ guard, handle, fail }) {
    const guarded = requireGoogleIdToken(...guard)(
      async (_req: IncomingMessage, res: ServerResponse, googleIdToken) => {
        answer(res, 200, await handle(googleIdToken));
      },
      (error, _req, res) => answer(res as ServerResponse, 500, fail(error)),
    );
    return createServer((req, res) => {
      res.setHeader('X-Request-Id', '42');
      res.setHeader('Cache-Control', 'public, max-age=600');
      guarded(req, res);
    });
  },
  onRefused: (answerOf) => async (error, req, res) => {
    const path = `${req.url}`.split('?', 1)[0] as string;
    answer(res as ServerResponse, 418, await answerOf(error, path));
  },
};

function answer(res: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  res.end(text);
}

describeAdapter('node:http', adapter);

describeHttp2('node:http2', (options) =>
  createHttp2Server(
    requireGoogleIdToken(options)(
      (_req: Http2ServerRequest, res: Http2ServerResponse, { claims }) => void res.end(claims.sub),
    ),
  ),
);

describe('with node:http', () => {
  expectPublicUrl((options) => createServer(requireGoogleIdToken(options)((_req, res) => void res.end('{}'))));

  describe('in an app of Express,', () => {
    expectPublicUrl((options) =>
      createServer(
        express().use(
          '/api',
          requireGoogleIdToken(options)((_req, res) => void res.end('{}')),
        ),
      ),
    );
  });

  test('a handler that throws at once is answered with 500, and its error is written to the standard error output', async () => {
    const written = vi.spyOn(console, 'error').mockImplementation(() => {});
    onTestFinished(() => written.mockRestore());
    const error = new Error('not a promise');
    const service = await startService(
      {
        ...adapter,
        createServer: ({ guard }) =>
          createServer(
            requireGoogleIdToken(...guard)(() => {
              throw error;
            }),
          ),
      },
      guardOptions(),
    );

    const { status, body } = await service.get(`Authorization: Bearer ${await idToken()}`);

    expect({ status, body }).toEqual({ status: 500, body: '' });
    expect(written.mock.calls).toEqual([[error]]);
  });

  test('a handler that fails behind the head of its answer ends the connection', async () => {
    const service = await startService(
      {
        ...adapter,
        createServer: ({ guard, fail }) =>
          createServer(
            requireGoogleIdToken(...guard)(
              async (_req, res: ServerResponse) => {
                res.writeHead(200, { 'content-length': 100 });
                await new Promise((written) => res.write('the first part', written));
                throw new Error('half way');
              },
              (error, _req, res) => {
                fail(error);
                res.destroy();
              },
            ),
          ),
      },
      guardOptions(),
    );

    const { status, body } = await service.get(`Authorization: Bearer ${await idToken()}`);

    expect({ status, body }).toEqual({ status: 200, body: 'the first part' });
    expect(service.failures).toEqual([new Error('half way')]);
  });

  test('a request that expects "100-continue" is guarded where the guard stands before that listener, too', async () => {
    const service = await startService(
      {
        ...adapter,
        createServer({ guard, handle }) {
          const requireToken = requireGoogleIdToken(...guard);
          const orders = requireToken(async (_req: IncomingMessage, res: ServerResponse, googleIdToken) => {
            answer(res, 200, await handle(googleIdToken));
          });
          const server = createServer(orders);
          server.on(
            'checkContinue',
            requireToken((req: IncomingMessage, res: ServerResponse, _googleIdToken) => {
              res.writeContinue();
              orders(req, res);
            }),
          );
          return server;
        },
      },
      guardOptions(),
    );
    const expecting = ['Expect: 100-continue', 'Content-Length: 0'];

    const refused = await service.request('POST /orders HTTP/1.1', ...expecting);
    expectRefused(service, refused, 'token_missing');
    const accepted = await service.request(
      'POST /orders HTTP/1.1',
      ...expecting,
      `Authorization: Bearer ${await idToken()}`,
    );

    expect(accepted.text).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
    expect(service.handled.map(({ claims }) => claims.sub)).toEqual([SENDER.sub]);
  });
});
