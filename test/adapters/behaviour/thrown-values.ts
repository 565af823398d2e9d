import {
  type CallerRule,
  createGoogleIdTokenVerifier,
  createGoogleKeySet,
  type GoogleIdTokenVerifier,
  type GuardEvent,
  type KeySet,
} from '@id-token-guard/core';
import { describe, expect, test } from 'vitest';
import { google, guardOptions, idToken, SENDER } from '../support/fixtures.ts';
import type { Answer } from '../support/raw-http.ts';
import { expectRefused } from '../support/refusal-table.ts';
import { type Adapter, type Service, startService } from '../support/service.ts';
import { FAILING, THROWN_VALUES } from '../support/thrown-values.ts';
import { watchUnhandled } from '../support/unhandled.ts';

/** Functions of the application that a guard calls, each failing in place of its work. */
const SOURCES: Readonly<Record<string, (failing: () => never) => Partial<ReturnType<typeof guardOptions>>>> = {
  'a caller rule': (failing) => ({ callers: failing }),
  'a caller rule behind another one': (failing) => ({ callers: [async () => 'Not this one.', failing] }),
  'a key set': (failing) => ({ keys: { ...google.keySet(), get: failing } }),
};

/** What a verifier may be made to give in place of a token: by a spy, a wrapper, or whoever passes on what came. */
const NO_TOKENS: readonly (readonly [title: string, value: unknown])[] = [
  ['nothing', undefined],
  ['null', null],
  ['true', true],
  ['an empty object', {}],
  ['claims', { ...SENDER }],
  ['what looks like a token', { claims: SENDER, header: { alg: 'RS256', kid: '1' }, caller: { kind: 'subject' } }],
];

/** Whatever a function of the application throws, rejects with or resolves to: the handler does not run. */
export function describeThrownValues<OnRefused>(adapter: Adapter<OnRefused>): void {
  describe.each(FAILING)('where a function of the application %s', (_, failing) => {
    test.each(THROWN_VALUES)('%s: onRefused', async (_, value) => {
      const unhandled = watchUnhandled();
      const onRefused = failing(value) as OnRefused;
      const service = await startService(adapter, { ...guardOptions(), onRefused });

      const answer = await service.get();

      expectFailed(service, answer, value);
      expect(await unhandled()).toEqual([]);
    });

    describe.each(Object.entries(SOURCES))('%s', (_, options) => {
      test.each(THROWN_VALUES)('%s', async (_, value) => {
        const unhandled = watchUnhandled();
        const service = await startService(adapter, { ...guardOptions(), ...options(failing(value)) });

        const answer = await service.get(`Authorization: Bearer ${await idToken()}`);

        expectFailed(service, answer, value);
        expect(await unhandled()).toEqual([]);
      });
    });

    test.each(THROWN_VALUES)('%s: a verifier that somebody has changed', async (_, value) => {
      const unhandled = watchUnhandled();
      const service = await startService(adapter, changedVerifier(failing(value)));

      const answer = await service.get(`Authorization: Bearer ${await idToken()}`);

      expectFailed(service, answer, value);
      expect(await unhandled()).toEqual([]);
    });
  });

  test.each(THROWN_VALUES)(
    'where onRefused has answered and then throws %s, the handler does not run',
    async (_, value) => {
      const unhandled = watchUnhandled();
      const answering = adapter.onRefused(async ({ code }) => ({ code })) as (...args: unknown[]) => unknown;
      const onRefused = (async (...args: unknown[]) => {
        await answering(...args);
        throw value;
      }) as OnRefused;
      const service = await startService(adapter, { ...guardOptions(), onRefused });

      const { text, status } = await service.get();

      // The first answer, that of the error handling, or a connection that is closed: it depends on what was sent so far.
      expect(text === '' || [418, 500].includes(status)).toBe(true);
      expect(service.handled).toEqual([]);
      expect(await unhandled()).toEqual([]);
    },
  );

  describe('where a verifier that somebody has changed gives', () => {
    test.each(NO_TOKENS)('%s, the handler does not run', async (_, value) => {
      const service = await startService(
        adapter,
        changedVerifier(async () => value as never),
      );

      const answer = await service.get(`Authorization: Bearer ${await idToken()}`);

      expect(answer.status).toBe(500);
      expect(service.handled).toEqual([]);
      expect(service.failures).toEqual([expect.any(TypeError)]);
    });
  });

  test('a verifier that somebody has changed, and that gives the token after all, is as good as before', async () => {
    const verifier = createGoogleIdTokenVerifier(guardOptions());
    const { authenticate } = verifier;
    const seen: unknown[] = [];
    verifier.authenticate = async (...args) => {
      const token = await authenticate(...args);
      seen.push(token);
      return token;
    };
    const service = await startService(adapter, verifier);

    const answer = await service.get(`Authorization: Bearer ${await idToken()}`);

    expect(answer.status).toBe(200);
    expect(seen).toEqual(service.handled);
  });

  test.each(THROWN_VALUES)('where an audience rule throws %s, the handler does not run', async (_, value) => {
    const audience = () => {
      throw value;
    };
    const service = await startService(adapter, { ...guardOptions(), audience });

    const answer = await service.get(`Authorization: Bearer ${await idToken()}`);

    expectFailed(service, answer, value);
  });

  test('where an audience rule gives a promise, the request is refused, and nobody misses what it is rejected with', async () => {
    const unhandled = watchUnhandled();
    const audience = (() => Promise.reject(new Error('no database'))) as unknown as () => boolean;
    const service = await startService(adapter, { ...guardOptions(), audience });

    const answer = await service.get(`Authorization: Bearer ${await idToken()}`);

    expectRefused(service, answer, 'audience_mismatch');
    expect(await unhandled()).toEqual([]);
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a key of another kind', { kid: '1', n: 'AQAB', e: 'AQAB' }],
  ])('where a key set gives %s in place of a key, the handler does not run', async (_, key) => {
    const keys = { ...google.keySet(), get: async () => key } as KeySet;
    const service = await startService(adapter, { ...guardOptions(), keys });

    const answer = await service.get(`Authorization: Bearer ${await idToken()}`);

    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(service.handled).toEqual([]);
    expect(service.failures.every((failure) => failure instanceof Error)).toBe(true);
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['1', 1],
    ['"true"', 'true'],
    ['an object', { allowed: true }],
    ['a list', [true]],
  ])('where a caller rule says %s, the request is refused', async (_, answer) => {
    const callers = (async () => answer) as CallerRule;
    const service = await startService(adapter, { ...guardOptions(), callers });

    const { status } = await service.get(`Authorization: Bearer ${await idToken()}`);

    expect(status).toBe(403);
    expect(service.handled).toEqual([]);
  });

  test.each(FAILING)('a key set store that %s something changes nothing, and events say so', async (_, failing) => {
    const unhandled = watchUnhandled();
    for (const [title, value] of THROWN_VALUES) {
      const failed: unknown[] = [];
      const onEvent = (event: GuardEvent) => void (event.type === 'keys_store_failed' && failed.push(event.error));
      const keys = google.keySet({ store: { get: failing(value), set: failing(value) } });
      const service = await startService(adapter, { ...guardOptions(), keys, onEvent });

      const { status } = await service.get(`Authorization: Bearer ${await idToken()}`);

      expect([title, status]).toEqual([title, 200]);
      expect(failed).toEqual([expect.any(Error), expect.any(Error)]);
    }
    expect(await unhandled()).toEqual([]);
  });

  test.each(FAILING)('where fetching the keys %s something, the client is asked to try later', async (_, failing) => {
    const unhandled = watchUnhandled();
    for (const [title, value] of THROWN_VALUES) {
      const keys = createGoogleKeySet({ fetch: failing(value) });
      const service = await startService(adapter, { ...guardOptions(), keys });

      const { status } = await service.get(`Authorization: Bearer ${await idToken()}`);

      expect([title, status, service.handled]).toEqual([title, 503, []]);
    }
    expect(await unhandled()).toEqual([]);
  });

  test.each(FAILING)('an event listener that %s something changes nothing', async (_, failing) => {
    const unhandled = watchUnhandled();
    const service = await startService(adapter, { ...guardOptions(), onEvent: failing('route') });

    const refused = await service.get();
    const accepted = await service.get(`Authorization: Bearer ${await idToken()}`);

    expect([refused.status, accepted.status]).toEqual([401, 200]);
    expect(service.failures).toEqual([]);
    expect(await unhandled()).toEqual([]);
  });
}

/** The application's failure reached the error handling of the framework as an `Error`, which keeps what was thrown. */
function expectFailed(service: Service, { status }: Answer, thrown: unknown): void {
  expect(service.handled).toEqual([]);
  expect(status).toBe(500);
  expect(service.failures).toEqual([expect.any(Error)]);
  expect((service.failures[0] as Error).cause).toBe(thrown);
}

/** One of ours in which a method was put in the place of `authenticate`, as a spy or a wrapper does. */
function changedVerifier(authenticate: GoogleIdTokenVerifier['authenticate']): GoogleIdTokenVerifier {
  return Object.assign(createGoogleIdTokenVerifier(guardOptions()), { authenticate });
}
