import type { Request, RequestHandler, Response } from 'express';
import { auth } from 'express-oauth2-jwt-bearer';
import type { Trust } from '../google/world.ts';
import type { Verify } from './contestant.ts';

export function enter(trust: Trust): Verify {
  const guard = middleware(trust);
  return (token) => {
    const request = requestWith({ authorization: `Bearer ${token}`, host: 'api.example.com' });
    return new Promise((resolve, reject) => {
      guard(request as unknown as Request, {} as Response, (error) => (error ? reject(error) : resolve(undefined)));
    });
  };
}

export function middleware({ audience, issuer, jwksUrl }: Trust): RequestHandler {
  return auth({ audience, issuer, jwksUri: jwksUrl, tokenSigningAlg: 'RS256' });
}

/** No more of a request of Express than this middleware reads. */
function requestWith(headers: Readonly<Record<string, string>>) {
  return {
    headers,
    method: 'GET',
    url: '/',
    protocol: 'https',
    query: {},
    get: (name: string) => headers[name.toLowerCase()],
    is: () => false,
  };
}
