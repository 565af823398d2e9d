/*
 * Applications of NestJS without the syntax of decorators, which would have to be compiled.
 */
import {
  type ArgumentsHost,
  Catch,
  Controller,
  type DynamicModule,
  type ExceptionFilter,
  HttpException,
  type INestApplication,
  Module,
  type Provider,
  type Type,
} from '@nestjs/common';
import { HttpAdapterHost, NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';

export const PLATFORMS = { Express: () => new ExpressAdapter(), Fastify: () => new FastifyAdapter() };

export type Platform = keyof typeof PLATFORMS;

/** Makes an application that is ready for requests, and not yet listening. */
export async function createApp(
  platform: Platform,
  parts: { imports: DynamicModule[]; controllers: Type[]; providers: Provider[] },
  prepare: (app: INestApplication) => void = () => {},
): Promise<INestApplication> {
  const root = class AppModule {};
  Module(parts)(root);
  const app = await NestFactory.create(root, PLATFORMS[platform]() as ExpressAdapter, {
    logger: false,
    abortOnError: false,
  });
  prepare(app);
  await app.init();
  await (app.getHttpAdapter().getInstance() as { ready?: () => Promise<void> }).ready?.();
  return app;
}

/** A controller for all paths, whose method gets what these parameter decorators give. */
export function controllerOf(
  handle: (...given: never[]) => unknown,
  parameters: readonly (() => ParameterDecorator)[],
  decorators: readonly MethodDecorator[],
  path = '/',
): Type {
  const controller = class AnyController {
    handle(...given: unknown[]): unknown {
      return handle(...(given as never[]));
    }
  };
  Controller(path)(controller);
  const descriptor = Object.getOwnPropertyDescriptor(controller.prototype, 'handle') as PropertyDescriptor;
  parameters.forEach((parameter, index) => {
    parameter()(controller.prototype, 'handle', index);
  });
  for (const decorate of decorators) {
    decorate(controller.prototype, 'handle', descriptor);
  }
  return controller;
}

/** The error handling of an application: what is no answer of its own becomes a 500. */
export function filterOf(fail: (error: unknown) => object): Type<ExceptionFilter> {
  const filter = class FailureFilter implements ExceptionFilter {
    readonly #host: HttpAdapterHost;

    constructor(host: HttpAdapterHost) {
      this.#host = host;
    }

    catch(error: unknown, context: ArgumentsHost): void {
      const response = context.switchToHttp().getResponse();
      if (error instanceof HttpException) {
        this.#host.httpAdapter.reply(response, error.getResponse(), error.getStatus());
      } else {
        this.#host.httpAdapter.reply(response, fail(error), 500);
      }
    }
  };
  Catch()(filter);
  Reflect.defineMetadata('design:paramtypes', [HttpAdapterHost], filter);
  return filter;
}
