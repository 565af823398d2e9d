/*
 * What only an application of NestJS has: the ways to put the guard somewhere, @Public(), filters of its own, messages.
 */
import type { AddressInfo } from 'node:net';
import { type ExecutionContext, Get, HttpException, type Type, UseGuards } from '@nestjs/common';
import { APP_GUARD, HttpAdapterHost } from '@nestjs/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  GoogleCaller,
  GoogleIdTokenGuard,
  GoogleIdTokenModule,
  googleIdToken,
  Public,
  requireGoogleIdToken,
} from '../../packages/nestjs/src/index.ts';
import { google, guardOptions, idToken, SENDER } from '../adapters/support/fixtures.ts';
import { exchange, requestText } from '../adapters/support/raw-http.ts';
import { REFUSAL_TABLE } from '../adapters/support/refusal-table.ts';
import { controllerOf, createApp, filterOf, PLATFORMS, type Platform } from './nest.ts';

type Parts = Partial<Parameters<typeof createApp>[1]>;
type Prepare = Parameters<typeof createApp>[2];

describe.each(Object.keys(PLATFORMS) as Platform[])('on %s', (platform) => {
  async function start(parts: Parts, prepare?: Prepare) {
    const app = await createApp(platform, { imports: [], controllers: [], providers: [], ...parts }, prepare);
    onTestFinished(() => app.close());
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    return (path: string, ...lines: string[]) => exchange(port, requestText(`GET ${path} HTTP/1.1`, lines));
  }

  /** `/greet`, which answers with who is calling, and with these decorators. */
  function greet(...decorators: MethodDecorator[]): Type {
    return controllerOf((caller: object) => ({ hello: caller }), [GoogleCaller], [Get('greet'), ...decorators]);
  }

  const open = controllerOf(() => ({ ok: true }), [], [Get('health'), Public()]);
  const everywhere = { provide: APP_GUARD, useClass: GoogleIdTokenGuard };
  const authorization = async () => `Authorization: Bearer ${await idToken()}`;
  const hello = { hello: expect.objectContaining({ kind: 'service_account', email: SENDER.email }) };

  test('a guard of the whole application guards every route but those that are public', async () => {
    const get = await start({
      imports: [GoogleIdTokenModule.forRoot(guardOptions())],
      controllers: [greet(), open],
      providers: [everywhere],
    });

    expect((await get('/greet')).body).toBe(REFUSAL_TABLE.token_missing.body);
    expect(JSON.parse((await get('/greet', await authorization())).body)).toEqual(hello);
    expect(JSON.parse((await get('/health')).body)).toEqual({ ok: true });
    // Not looked at: not even a bad one.
    expect((await get('/health', 'Authorization: Bearer cut')).status).toBe(200);
    // Nest answers before any guard.
    expect((await get('/unknown')).status).toBe(404);
  });

  test('@Public() on a controller opens it', async () => {
    const controller = greet();
    Public()(controller);
    const get = await start({
      imports: [GoogleIdTokenModule.forRoot(guardOptions())],
      controllers: [controller],
      providers: [everywhere],
    });

    // Open, but nobody is there whom @GoogleCaller() could give.
    expect((await get('/greet', await authorization())).status).toBe(500);
  });

  test('a decorator of the same name from elsewhere opens nothing', async () => {
    const controller = greet();
    Reflect.defineMetadata('isPublic', true, controller);
    const get = await start({
      imports: [GoogleIdTokenModule.forRoot(guardOptions())],
      controllers: [controller],
      providers: [everywhere],
    });

    expect((await get('/greet')).status).toBe(401);
  });

  test.each<[string, ClassDecorator]>([
    ['a controller', UseGuards(GoogleIdTokenGuard)],
    ['a controller, without the module', UseGuards(requireGoogleIdToken(guardOptions()))],
  ])('the guard of %s guards it, and no other', async (_, guarding) => {
    const controller = greet();
    guarding(controller);
    const get = await start({
      imports: [GoogleIdTokenModule.forRoot(guardOptions())],
      controllers: [controller, controllerOf(() => ({ ok: true }), [], [Get('other')])],
    });

    expect((await get('/greet')).body).toBe(REFUSAL_TABLE.token_missing.body);
    expect(JSON.parse((await get('/greet', await authorization())).body)).toEqual(hello);
    expect((await get('/other')).status).toBe(200);
  });

  test('the guard of a route guards it', async () => {
    const get = await start({
      imports: [GoogleIdTokenModule.forRoot(guardOptions())],
      controllers: [greet(UseGuards(GoogleIdTokenGuard))],
    });

    expect((await get('/greet')).status).toBe(401);
    expect((await get('/greet', await authorization())).status).toBe(200);
  });

  test('useGlobalGuards() takes what requireGoogleIdToken() makes; without the module, Nest sends the same JSON', async () => {
    const get = await start({ controllers: [greet(), open] }, (app) =>
      app.useGlobalGuards(requireGoogleIdToken(guardOptions())),
    );

    const { status, headers, body } = await get('/greet');

    expect({ status, body, challenge: headers['www-authenticate'] }).toEqual({
      ...REFUSAL_TABLE.token_missing,
    });
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect((await get('/greet', await authorization())).status).toBe(200);
    expect((await get('/health')).status).toBe(200);
  });

  test('forRootAsync() takes its options from other providers, and a verifier', async () => {
    const get = await start({
      imports: [
        GoogleIdTokenModule.forRootAsync({
          imports: [{ module: class ConfigModule {}, providers: [config], exports: [config] }],
          inject: ['CONFIG'],
          useFactory: async ({ audience }: { audience: string }) => ({ ...guardOptions(), audience }),
        }),
      ],
      controllers: [greet()],
      providers: [everywhere],
    });

    expect((await get('/greet')).body).toBe(REFUSAL_TABLE.token_missing.body);
    expect((await get('/greet', await authorization())).status).toBe(200);
  });
  const config = { provide: 'CONFIG', useValue: { audience: guardOptions().audience } };

  test('with a wrong option, the application does not start', async () => {
    const wrong = { ...guardOptions(), audiences: [] };
    const { forRoot, forRootAsync } = GoogleIdTokenModule;

    expect(() => forRoot(wrong)).toThrow(/"audiences"/);
    await expect(start({ imports: [forRootAsync({ useFactory: () => wrong })] })).rejects.toThrow(/"audiences"/);
  });

  test('a filter of the application that takes everything still sends challenge and Retry-After', async () => {
    const get = await start(
      {
        imports: [GoogleIdTokenModule.forRoot(guardOptions())],
        controllers: [greet()],
        providers: [everywhere],
      },
      (app) => {
        const filter = filterOf(() => ({ failed: true }));
        app.useGlobalFilters(new filter(app.get(HttpAdapterHost)));
      },
    );

    const refused = await get('/greet');
    google.answerWith('outage');
    onTestFinished(() => google.answerWith('ok'));
    const unavailable = await get('/greet', await authorization());

    expect([refused.status, refused.headers['www-authenticate']]).toEqual([401, REFUSAL_TABLE.token_missing.challenge]);
    expect([unavailable.status, unavailable.headers['retry-after']]).toEqual([503, expect.stringMatching(/^\d+$/)]);
    expect(unavailable.body).toBe(REFUSAL_TABLE.keys_unavailable.body);
  });

  test('an onRefused that gives no exception is a failure', async () => {
    const onRefused = (() => undefined) as never;
    const get = await start({
      imports: [GoogleIdTokenModule.forRoot({ ...guardOptions(), onRefused })],
      controllers: [greet()],
      providers: [everywhere],
    });

    expect((await get('/greet')).status).toBe(500);
  });

  test('two headers are refused, although Express and Fastify show the first of them alone', async () => {
    const get = await start({
      imports: [GoogleIdTokenModule.forRoot(guardOptions())],
      controllers: [greet()],
      providers: [everywhere],
    });

    const { status, body } = await get('/greet', await authorization(), 'Authorization: Bearer other');

    expect({ status, body }).toEqual({ status: 400, body: REFUSAL_TABLE.request_invalid.body });
  });

  test('guards behind this one see the token', async () => {
    const seen: unknown[] = [];
    const role = {
      canActivate(context: ExecutionContext): boolean {
        seen.push(googleIdToken(context).claims.email);
        throw new HttpException('I know who you are.', 418);
      },
    };
    const get = await start({
      imports: [GoogleIdTokenModule.forRoot(guardOptions())],
      controllers: [greet(UseGuards(role))],
      providers: [everywhere],
    });

    expect((await get('/greet', await authorization())).status).toBe(418);
    expect(seen).toEqual([SENDER.email]);
  });

  test('@GoogleCaller() without a guard fails', async () => {
    const get = await start({ controllers: [greet()] });

    expect((await get('/greet', await authorization())).status).toBe(500);
  });
});

test.each(['rpc', 'ws', 'graphql'])('what comes as %s does not pass', async (type) => {
  const context = { getType: () => type, getHandler: () => () => {}, getClass: () => class {} };

  await expect(requireGoogleIdToken(guardOptions()).canActivate(context as never)).rejects.toThrow(/HTTP/);
});
