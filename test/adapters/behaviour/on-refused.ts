import { createGoogleIdTokenVerifier, GoogleIdTokenError } from '@id-token-guard/core';
import { describe, expect, test } from 'vitest';
import { AUDIENCE, google, guardOptions, idToken } from '../support/fixtures.ts';
import { type Adapter, startService } from '../support/service.ts';

export function describeOnRefused<OnRefused>(adapter: Adapter<OnRefused>): void {
  describe('onRefused', () => {
    test('answers in place of the guard, from the context of the framework', async () => {
      const onRefused = adapter.onRefused(async ({ code }, path) => ({ refused: code, path }));
      const service = await startService(adapter, { ...guardOptions(), onRefused });

      const answer = await service.get(`Authorization: Bearer ${await idToken({ aud: 'https://other.example.com' })}`);

      expect(answer.status).toBe(418);
      expect(JSON.parse(answer.body)).toEqual({ refused: 'audience_mismatch', path: '/orders' });
      for (const name of ['www-authenticate', 'retry-after']) {
        expect(answer.headers).not.toHaveProperty(name);
      }
      expect(service.handled).toEqual([]);
      expect(service.failures).toEqual([]);
    });

    test('is given the error with everything the operator may know', async () => {
      const errors: GoogleIdTokenError[] = [];
      const onRefused = adapter.onRefused(async (error) => ({ count: errors.push(error) }));
      const service = await startService(adapter, { ...guardOptions(), onRefused });

      await service.get(`Authorization: Bearer ${await idToken({ aud: `${AUDIENCE}/` })}`);

      expect(errors).toEqual([expect.any(GoogleIdTokenError)]);
      expect(errors[0]).toMatchObject({
        code: 'audience_mismatch',
        status: 401,
        claim: 'aud',
        message: 'The token was issued for another audience.',
        hint: `"aud" is "${AUDIENCE}/", expected "${AUDIENCE}": they differ only by a trailing slash.`,
      });
    });

    test('is told when another attempt may succeed, while there are no keys', async () => {
      const errors: GoogleIdTokenError[] = [];
      const onRefused = adapter.onRefused(async (error) => ({ count: errors.push(error) }));
      const service = await startService(adapter, { ...guardOptions(), onRefused });
      google.answerWith('outage');

      const answer = await service.get(`Authorization: Bearer ${await idToken()}`);

      expect(answer.status).toBe(418);
      expect(errors).toEqual([expect.objectContaining({ code: 'keys_unavailable', status: 503 })]);
      expect(errors[0]?.retryAfterSeconds).toBeGreaterThanOrEqual(1);
    });

    test('stands behind a verifier, too', async () => {
      const verifier = createGoogleIdTokenVerifier(guardOptions());
      const onRefused = adapter.onRefused(async ({ code }) => ({ refused: code }));
      const service = await startService(adapter, verifier, { onRefused });

      const answer = await service.get();

      expect(answer.status).toBe(418);
      expect(JSON.parse(answer.body)).toEqual({ refused: 'token_missing' });
      expect(service.handled).toEqual([]);
    });

    test('is not asked about a good token', async () => {
      const errors: unknown[] = [];
      const onRefused = adapter.onRefused(async (error) => ({ count: errors.push(error) }));
      const service = await startService(adapter, { ...guardOptions(), onRefused });

      const answer = await service.get(`Authorization: Bearer ${await idToken()}`);

      expect(answer.status).toBe(200);
      expect(errors).toEqual([]);
    });

    test('that throws the refusal hands it to the error handling of the framework', async () => {
      const onRefused = adapter.onRefused(async (error) => {
        throw error;
      });
      const service = await startService(adapter, { ...guardOptions(), onRefused });

      const answer = await service.get();

      expect(answer.status).toBe(500);
      expect(service.failures).toEqual([expect.any(GoogleIdTokenError)]);
      expect(service.failures).toEqual([expect.objectContaining({ code: 'token_missing', hint: expect.any(String) })]);
      expect(service.handled).toEqual([]);
    });

    test('that fails reaches the error handling of the framework, and the handler does not run', async () => {
      const broken = new Error('onRefused is broken');
      const onRefused = adapter.onRefused(() => Promise.reject(broken));
      const service = await startService(adapter, { ...guardOptions(), onRefused });

      const answer = await service.get();

      expect(answer.status).toBe(500);
      expect(service.failures).toEqual([broken]);
      expect(service.handled).toEqual([]);
    });
  });
}
