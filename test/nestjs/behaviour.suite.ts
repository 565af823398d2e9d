/*
 * The guard for NestJS does what every adapter does: the one suite, on both platforms and both major versions.
 */
import type { Server, ServerResponse } from 'node:http';
import { All, HttpCode, HttpException } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  GoogleIdTokenGuard,
  GoogleIdTokenModule,
  GoogleIdTokenParam,
  type OnRefused,
  requireGoogleIdToken,
} from '../../packages/nestjs/src/index.ts';
import { describeAdapter } from '../adapters/suite.ts';
import type { Adapter } from '../adapters/support/service.ts';
import { controllerOf, createApp, filterOf, PLATFORMS, type Platform } from './nest.ts';

/** Each in the words of its router. */
const EVERY_PATH = { Express: '{*path}', Fastify: '*' };

for (const platform of Object.keys(PLATFORMS) as Platform[]) {
  const adapter: Adapter<OnRefused> = {
    requireGoogleIdToken,
    async createServer({ guard, handle, fail }) {
      const app = await createApp(
        platform,
        {
          imports: [GoogleIdTokenModule.forRoot(...guard)],
          controllers: [controllerOf(handle, [GoogleIdTokenParam], [All(EVERY_PATH[platform]), HttpCode(200)])],
          providers: [
            { provide: APP_GUARD, useClass: GoogleIdTokenGuard },
            { provide: APP_FILTER, useClass: filterOf(fail) },
          ],
        },
        (nest) => {
          nest.use((_req: unknown, res: ServerResponse, next: () => void) => {
            res.setHeader('X-Request-Id', '42');
            res.setHeader('Cache-Control', 'public, max-age=600');
            next();
          });
          if (platform === 'Fastify') {
            // It reads bodies before any guard of Nest runs, and answers 415 to a type that it does not know.
            (nest as NestFastifyApplication).useBodyParser('*', {}, (_req, _body, done) => done(null));
          }
        },
      );
      return app.getHttpServer() as Server;
    },
    onRefused: (answer) => async (error, context) => {
      const { url } = context.switchToHttp().getRequest<{ url: string }>();
      return new HttpException(await answer(error, new URL(url, 'http://localhost').pathname), 418);
    },
  };

  describeAdapter(`NestJS on ${platform} (${process.env['NEST']})`, adapter);
}
