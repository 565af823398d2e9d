import type { Server } from 'node:http';
import { createGoogleKeySet, type GoogleIdTokenVerifierOptions, serviceAccount } from '@id-token-guard/core';
import type { Trust } from '../google/world.ts';

/** A web framework, with one small route behind each of the guards. */
export interface Framework {
  readonly name: string;
  /** By name. The first one is none, the second ours. */
  readonly guards: readonly string[];
  /** Listens on loopback, on any free port. */
  listen(guard: string, trust: Trust): Promise<Server>;
}

export const NO_GUARD = 'no guard';

/** What the route answers. */
export const BODY = { hello: 'world' };

/** As the README says, with the keys of the benchmark. */
export function ourOptions({ audience, jwksUrl }: Trust): GoogleIdTokenVerifierOptions {
  return {
    audience,
    callers: serviceAccount('push-sender@my-project.iam.gserviceaccount.com'),
    keys: createGoogleKeySet({ url: jwksUrl }),
  };
}

/** The token of an `Authorization` header, for those who have only a verifier. */
export function bearerOf(header: string | null | undefined): string {
  const [, token] = /^Bearer (\S+)$/.exec(header ?? '') ?? [];
  if (token === undefined) {
    throw new Error('No token.');
  }
  return token;
}

/** Makes one of the guards. Each is loaded only where it is used. */
export async function makeGuard<Guard>(makers: Makers<Guard>, name: string, trust: Trust): Promise<Guard> {
  const make = makers[name];
  if (make === undefined) {
    throw new RangeError(`There is no guard ${name}.`);
  }
  return make(trust);
}

export type Makers<Guard> = Readonly<Record<string, (trust: Trust) => Guard | Promise<Guard>>>;
