import { type CallerRule, GoogleIdTokenError, isGoogleIdTokenError } from '@id-token-guard/core';
import { describe, expect, test } from 'vitest';
import { google, guardOptions, idToken } from '../support/fixtures.ts';
import { expectRefused } from '../support/refusal-table.ts';
import { type Adapter, startService } from '../support/service.ts';

/** What code of the service may throw that is none of the guard's refusals. */
const FAILURES: Record<string, () => Error> = {
  'an error': () => new Error('The database is down.'),
  'an error with a status': () => Object.assign(new Error('Nobody is home.'), { status: 401, expose: true }),
  'an error that looks like a refusal': () =>
    Object.assign(new Error('The token has expired.'), {
      name: 'GoogleIdTokenError',
      code: 'token_expired',
      status: 401,
    }),
};

export function describeFailures<OnRefused>(adapter: Adapter<OnRefused>): void {
  describe('a handler that throws', () => {
    test.each([
      ...Object.entries(FAILURES),
      // As from a verifier that the handler uses itself, for a second token in the body.
      ['a real refusal', () => new GoogleIdTokenError('token_expired')] as const,
    ])('%s fails by itself: it is no refusal', async (_, makeError) => {
      const error = makeError();
      const refusals: unknown[] = [];
      const onRefused = adapter.onRefused(async (refusal) => ({ count: refusals.push(refusal) }));
      const service = await startService(adapter, { ...guardOptions(), onRefused });
      service.work = () => Promise.reject(error);

      const answer = await service.get(`Authorization: Bearer ${await idToken()}`);

      expect(answer.status).toBe(500);
      expect(JSON.parse(answer.body)).toEqual({ failed: true });
      expect(answer.headers).not.toHaveProperty('www-authenticate');
      expect(service.failures).toHaveLength(1);
      expect(service.failures[0]).toBe(error);
      expect(service.handled).toHaveLength(1);
      expect(refusals).toEqual([]);
    });
  });

  describe.each(Object.entries(FAILURES))('%s', (_, makeError) => {
    test.each<[string, (error: Error) => Partial<ReturnType<typeof guardOptions>>]>([
      ['a caller rule', (error) => ({ callers: throwing(error) })],
      ['a caller rule that rejects', (error) => ({ callers: () => Promise.reject(error) })],
      ['an audience rule', (error) => ({ audience: throwing(error) })],
      ['a key set', (error) => ({ keys: { ...google.keySet(), get: () => Promise.reject(error) } })],
    ])('from %s is a fault of the service, and the handler does not run', async (_, options) => {
      const error = makeError();
      const refusals: unknown[] = [];
      const onRefused = adapter.onRefused(async (refusal) => ({ count: refusals.push(refusal) }));
      const service = await startService(adapter, { ...guardOptions(), ...options(error), onRefused });

      const answer = await service.get(`Authorization: Bearer ${await idToken()}`);

      expect(answer.status).toBe(500);
      expect(answer.headers).not.toHaveProperty('www-authenticate');
      expect(service.failures).toHaveLength(1);
      expect(service.failures[0]).toBe(error);
      expect(isGoogleIdTokenError(service.failures[0])).toBe(false);
      expect(service.handled).toEqual([]);
      expect(refusals).toEqual([]);
    });
  });

  // Frameworks take some of these for no error at all, or for a word to go on elsewhere.
  describe.each([undefined, null, '', 'route'])('what is no error (%j),', (thrown) => {
    test.each<[string, Partial<ReturnType<typeof guardOptions>>]>([
      ['a caller rule', { callers: throwing(thrown) }],
      ['a caller rule that rejects', { callers: () => Promise.reject(thrown) }],
      ['an audience rule', { audience: throwing(thrown) }],
      ['a key set', { keys: { ...google.keySet(), get: () => Promise.reject(thrown) } }],
    ])('from %s is a fault of the service all the same, and the handler does not run', async (_, options) => {
      const service = await startService(adapter, { ...guardOptions(), ...options });

      const answer = await service.get(`Authorization: Bearer ${await idToken()}`);

      expect(answer.status).toBe(500);
      expect(service.handled).toEqual([]);
      expect(service.failures).toEqual([expect.any(Error)]);
      expect((service.failures[0] as Error).cause).toBe(thrown);
    });
  });

  test('a caller rule that says neither true nor why not refuses', async () => {
    const callers = (async () => ({ allowed: true })) as unknown as CallerRule;
    const service = await startService(adapter, { ...guardOptions(), callers });

    const answer = await service.get(`Authorization: Bearer ${await idToken()}`);

    expectRefused(service, answer, 'caller_not_allowed');
  });

  test('an event listener that throws changes nothing', async () => {
    const service = await startService(adapter, { ...guardOptions(), onEvent: throwing(new Error('no disk')) });

    const refused = await service.get();
    expectRefused(service, refused, 'token_missing');
    const accepted = await service.get(`Authorization: Bearer ${await idToken()}`);
    expect(accepted.status).toBe(200);
    expect(service.failures).toEqual([]);
  });
}

function throwing(error: unknown): () => never {
  return () => {
    throw error;
  };
}
