/*
 * What nearly every test of the key set needs: a Google with real keys, a key URL on loopback, a clock that stands still
 * unless told otherwise, and a verifier that works with all of them.
 */
import './unhandled-rejections.ts';
import {
  anyCaller,
  createGoogleIdTokenVerifier,
  createGoogleKeySet,
  type GoogleIdToken,
  type GoogleIdTokenVerifier,
  type GoogleIdTokenVerifierOptions,
  type GoogleKeySetOptions,
  isGoogleIdTokenError,
  type KeySet,
  type KeySetEvent,
} from '@id-token-guard/core';
import { createFakeGoogle } from '@id-token-guard/testing';
import { base64url } from 'jose';
import { onTestFinished, vi } from 'vitest';
import { type Answer, type JwksServer, keys as keysAnswer, startJwksServer } from './jwks-server.ts';

/** Signs the tokens. Its keys are published by the servers of the tests. */
export const google = await createFakeGoogle();

export const AUDIENCE = 'https://api.example.com/push';

/** 2025-10-09T08:53:20Z */
const START = 1_760_000_000_000;

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Seconds, also back. */
  advance(seconds: number): void;
}

export function createClock(start: number = START): Clock {
  let milliseconds = start;
  return {
    now: () => milliseconds,
    advance(seconds) {
      milliseconds += Math.ceil(seconds * 1000);
    },
  };
}

export interface SceneOptions {
  readonly keySet?: GoogleKeySetOptions;
  readonly verifier?: Partial<GoogleIdTokenVerifierOptions>;
  /** How the key URL answers. By default with the keys of {@link google}. */
  readonly answer?: Answer;
}

export interface Scene {
  readonly server: JwksServer;
  readonly clock: Clock;
  readonly keys: KeySet;
  readonly verifier: GoogleIdTokenVerifier;
  /** What the listener of the key set has heard. */
  readonly events: KeySetEvent[];
  /** A token that is good now, unless `claims` or `header` say otherwise. No two are the same. */
  token(claims?: object, header?: object): Promise<string>;
  /** So many good tokens; to spare time, no more than twenty are different. */
  tokens(count: number, claims?: object): Promise<string[]>;
  /** So many tokens of key ids that nobody publishes, with claims that are good. Nobody has signed them. */
  flood(count: number, claims?: object): Promise<string[]>;
  /** Verifies, and collects the work that goes on in the background. */
  verify(token: string): Promise<GoogleIdToken>;
  /** Waits for the work in the background. */
  backgroundWork(): Promise<void>;
  /** A second process: a key set of its own for the same URL and clock. */
  another(options?: SceneOptions): Omit<Scene, 'server' | 'clock' | 'another'>;
}

/** The keys that Google publishes at the moment of the request. */
export const goodKeys: Answer = keysAnswer(() => google.jwks);

/** A good token of nobody in particular, for a clock. */
let tokensMade = 0;
function tokenOf(clock: Clock, claims: object = {}, header: object = {}): Promise<string> {
  tokensMade += 1;
  const iat = Math.floor(clock.now() / 1000);
  return google.idToken(
    { aud: AUDIENCE, iat, exp: iat + 3600, sub: '101010101010101010101', jti: `${tokensMade}`, ...claims },
    { ...header },
  );
}

export async function createScene(options: SceneOptions = {}): Promise<Scene> {
  const clock = createClock();
  const server = await startJwksServer(options.answer ?? goodKeys);
  onTestFinished(() => server.close());
  const process = (own: SceneOptions) => createProcess(server, clock, own);
  return { server, clock, ...process(options), another: (own = {}) => process(own) };
}

function createProcess(
  server: JwksServer,
  clock: Clock,
  options: SceneOptions,
): Omit<Scene, 'server' | 'clock' | 'another'> {
  const events: KeySetEvent[] = [];
  const background: Promise<unknown>[] = [];
  const keys = createGoogleKeySet({
    url: server.url,
    now: clock.now,
    onEvent: (event) => events.push(event),
    ...options.keySet,
  });
  const verifier = createGoogleIdTokenVerifier({
    audience: AUDIENCE,
    callers: anyCaller,
    keys,
    now: clock.now,
    ...options.verifier,
  });
  return {
    keys,
    verifier,
    events,
    token: (claims, header) => tokenOf(clock, claims, header),
    async tokens(count, claims) {
      const different = await Promise.all(Array.from({ length: Math.min(count, 20) }, () => tokenOf(clock, claims)));
      return Array.from({ length: count }, (_, index) => different[index % different.length] as string);
    },
    async flood(count, claims) {
      const [, ...claimsAndSignature] = (await tokenOf(clock, claims)).split('.');
      return Array.from({ length: count }, () => {
        const header = { alg: 'RS256', kid: inventedKid(), typ: 'JWT' };
        return [base64url.encode(JSON.stringify(header)), ...claimsAndSignature].join('.');
      });
    },
    verify: (token) =>
      verifier.verify(token, {
        waitUntil(promise) {
          background.push(promise);
        },
      }),
    async backgroundWork() {
      await Promise.all(background.splice(0));
    },
  };
}

/** What became of a verification. */
export async function outcome(verification: Promise<unknown>): Promise<string> {
  try {
    await verification;
    return 'accepted';
  } catch (error) {
    if (isGoogleIdTokenError(error)) {
      return error.code;
    }
    throw error;
  }
}

/** How many verifications had which outcome. */
export async function tally(verifications: readonly Promise<unknown>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const result of await Promise.all(verifications.map(outcome))) {
    counts[result] = (counts[result] ?? 0) + 1;
  }
  return counts;
}

let kidsInvented = 0;

/** A key id that nobody publishes, that looks like one of Google's, and that has not been seen before. */
export function inventedKid(): string {
  kidsInvented += 1;
  return kidsInvented.toString(16).padStart(40, '0');
}

/** Runtimes on which callers share a fetch in different ways. */
export const RUNTIMES = ['Node.js', 'Cloudflare Workers'] as const;

/** Makes something as it would be made on this runtime. */
export async function asOn<T>(runtime: (typeof RUNTIMES)[number], make: () => T | Promise<T>): Promise<T> {
  if (runtime === 'Node.js') {
    return make();
  }
  vi.stubGlobal('WebSocketPair', class {});
  try {
    return await make();
  } finally {
    vi.unstubAllGlobals();
  }
}
