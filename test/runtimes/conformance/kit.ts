import {
  createGoogleIdTokenVerifier,
  type GoogleIdToken,
  type GoogleIdTokenVerifier,
  type GoogleKeySetOptions,
  type GuardEvent,
  serviceAccount,
} from '@id-token-guard/core';
import { createFakeGoogle, type FakeGoogle } from '@id-token-guard/testing';
import type { Outside } from './outside.ts';

export const AUDIENCE = 'https://api.example.com/push';

/** Claims of the one account that may call. */
export const SENDER = {
  sub: '101010101010101010101',
  email: 'sender@my-project.iam.gserviceaccount.com',
  email_verified: true,
};

/** How long the fake Google says that its keys are fresh. In seconds. */
export const FRESH_SECONDS = 19_845;

/** What the checks share: a Google that lives in the runtime itself, a clock that they move on, and what is outside. */
export interface Kit {
  readonly google: FakeGoogle;
  readonly outside: Outside;
  /** Milliseconds since the epoch. */
  now(): number;
  letPass(seconds: number): void;
  /** A service that has just started: no keys, no tokens seen. */
  startService(keySet?: Omit<GoogleKeySetOptions, 'fetch' | 'url'>): Service;
}

interface Service {
  readonly verifier: GoogleIdTokenVerifier;
  /** The types of the events, in order. */
  readonly events: readonly GuardEvent['type'][];
  /** The last event of a token that was accepted said that its signature had been verified before. */
  readonly wasRemembered: boolean;
  /** How often Google has been asked for keys since the service started. */
  readonly fetches: number;
  /** A token that the service accepts now, unless `claims` or `header` say otherwise. */
  token(claims?: object, header?: object): Promise<string>;
  /** Verifies, and collects the work that goes on in the background. */
  verify(token: string): Promise<GoogleIdToken>;
  /** Waits for the work in the background. */
  backgroundWork(): Promise<void>;
}

export async function createKit(outside: Outside): Promise<Kit> {
  let milliseconds = Date.now();
  const now = () => milliseconds;
  const google = await createFakeGoogle({ now });

  return {
    google,
    outside,
    now,
    letPass(seconds) {
      milliseconds += seconds * 1000;
    },
    startService,
  };

  function startService(keySet: Omit<GoogleKeySetOptions, 'fetch' | 'url'> = {}): Service {
    google.answerWith('ok');
    const fetchesBefore = google.jwksRequests;
    const events: GuardEvent[] = [];
    const background: Promise<unknown>[] = [];
    const verifier = createGoogleIdTokenVerifier({
      audience: AUDIENCE,
      callers: serviceAccount(SENDER.email),
      keys: google.keySet(keySet),
      now,
      onEvent: (event) => events.push(event),
    });
    return {
      verifier,
      get events() {
        return events.map(({ type }) => type);
      },
      get wasRemembered() {
        return events.findLast((event) => event.type === 'token_accepted')?.fromCache === true;
      },
      get fetches() {
        return google.jwksRequests - fetchesBefore;
      },
      token: (claims, header) => google.idToken({ aud: AUDIENCE, ...SENDER, ...claims }, { ...header }),
      verify: (token) => verifier.verify(token, { waitUntil: (promise) => background.push(promise) }),
      async backgroundWork() {
        await Promise.all(background.splice(0));
      },
    };
  }
}
