import jwksRsa from 'jwks-rsa';
import type { Context, Middleware } from 'koa';
import jwt from 'koa-jwt';
import type { Trust } from '../google/world.ts';
import type { Verify } from './contestant.ts';

export function enter(trust: Trust): Verify {
  const guard = middleware(trust);
  return (token) => {
    const context = {
      header: { authorization: `Bearer ${token}` },
      state: {},
      throw(status: number, message: string) {
        throw new Error(`${status} ${message}`);
      },
    };
    return guard(context as unknown as Context, async () => {});
  };
}

export function middleware({ audience, issuer, jwksUrl }: Trust): Middleware {
  const secret = jwksRsa.koaJwtSecret({ jwksUri: jwksUrl, cache: true, rateLimit: true });
  return jwt({ secret, audience, issuer, algorithms: ['RS256'] }) as unknown as Middleware;
}
