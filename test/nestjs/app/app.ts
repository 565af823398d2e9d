// An application as people write it, with the syntax of decorators, compiled by TypeScript for `require` and for `import`.
import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { type Caller, createGoogleIdTokenVerifier, type GoogleIdToken, serviceAccount } from '@id-token-guard/core';
import {
  GoogleCaller,
  GoogleIdTokenGuard,
  GoogleIdTokenModule,
  GoogleIdTokenParam,
  Public,
  requireGoogleIdToken,
} from '@id-token-guard/nestjs';
import { createFakeGoogle } from '@id-token-guard/testing';
import { Controller, Get, Injectable, Module, UseGuards } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';

const AUDIENCE = 'https://api.example.com';
const EMAIL = 'sender@my-project.iam.gserviceaccount.com';

async function main(): Promise<void> {
  const google = await createFakeGoogle();
  const keys = google.keySet();
  const stranger = createGoogleIdTokenVerifier({
    audience: AUDIENCE,
    callers: serviceAccount('a@b.iam.gserviceaccount.com'),
    keys,
  });

  @Injectable()
  class Greeter {
    greet(caller: Caller): object {
      return { hello: caller.kind };
    }
  }

  @Controller()
  class GreetController {
    constructor(private readonly greeter: Greeter) {}

    @Get('hello')
    hello(@GoogleCaller() caller: Caller, @GoogleIdTokenParam() googleIdToken: GoogleIdToken): object {
      return { ...this.greeter.greet(caller), aud: googleIdToken.claims.aud };
    }

    @Get('others')
    @UseGuards(requireGoogleIdToken(stranger))
    others(): object {
      return {};
    }

    @Public()
    @Get('health')
    health(): object {
      return { ok: true };
    }
  }

  @Module({
    imports: [GoogleIdTokenModule.forRoot({ audience: AUDIENCE, callers: serviceAccount(EMAIL), keys })],
    controllers: [GreetController],
    providers: [Greeter, { provide: APP_GUARD, useClass: GoogleIdTokenGuard }],
  })
  class AppModule {}

  const authorization = `Bearer ${await google.idToken({ aud: AUDIENCE, email: EMAIL, email_verified: true })}`;
  for (const adapter of [new ExpressAdapter(), new FastifyAdapter()]) {
    const app = await NestFactory.create(AppModule, adapter as FastifyAdapter, { logger: false });
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    const lines: string[] = [];
    for (const [path, headers] of [
      ['hello', { authorization }],
      ['hello', {}],
      ['others', { authorization }],
      ['health', {}],
      ['unknown', {}],
    ] as const) {
      const response = await fetch(`http://127.0.0.1:${port}/${path}`, { headers });
      const body = (await response.json()) as { code?: string; hello?: string };
      lines.push(
        `${path} ${response.status} ${response.headers.get('content-type')} ${body.code ?? body.hello ?? '-'}`,
      );
    }
    await app.close();
    console.log(lines.join('\n'));
  }
}

void main();
