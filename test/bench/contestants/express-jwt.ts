import type { Request, RequestHandler, Response } from 'express';
import { expressjwt } from 'express-jwt';
import jwksRsa from 'jwks-rsa';
import type { Trust } from '../google/world.ts';
import type { Verify } from './contestant.ts';

export function enter(trust: Trust): Verify {
  const guard = middleware(trust);
  return (token) => {
    const request = { headers: { authorization: `Bearer ${token}` }, method: 'GET' };
    return new Promise((resolve, reject) => {
      guard(request as unknown as Request, {} as Response, (error) => (error ? reject(error) : resolve(undefined)));
    });
  };
}

export function middleware({ audience, issuer, jwksUrl }: Trust): RequestHandler {
  const secret = jwksRsa.expressJwtSecret({ jwksUri: jwksUrl, cache: true, rateLimit: true });
  return expressjwt({ secret, audience, issuer, algorithms: ['RS256'] });
}
