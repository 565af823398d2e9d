import {
  createGoogleIdTokenVerifier,
  type GuardArguments,
  type GuardEvent,
  type OptionalGuardArguments,
} from '@id-token-guard/core';
import { refusedRequests } from '@id-token-guard/testing';
import { describe, expect, test } from 'vitest';
import { AUDIENCE, google, guardOptions, idToken, SENDER } from '../support/fixtures.ts';
import { expectRefused } from '../support/refusal-table.ts';
import { type Adapter, type Service, startService } from '../support/service.ts';

export function describeOptional<OnRefused>(adapter: Adapter<OnRefused>): void {
  /** The types of an adapter's handler depend on the option; what a service does with a token here does not. */
  const start = (...guard: OptionalGuardArguments<OnRefused>): Promise<Service> =>
    startService(adapter, ...(guard as unknown as GuardArguments<OnRefused>));

  describe('with optional: true', () => {
    test.each<[string, string[]]>([
      ['no header', []],
      ['an empty header', ['Authorization:']],
      ['a header of white space', ['Authorization: \t ']],
      ['a good token in the header that was not chosen', ['X-Serverless-Authorization: Bearer x']],
      ['credentials for a proxy', ['Proxy-Authorization: Basic dTpw']],
    ])('a request with %s goes on without a token', async (_, lines) => {
      const service = await start({ ...guardOptions(), optional: true });

      const answer = await service.get(...lines);

      expect(answer.status).toBe(200);
      expect(answer.headers).not.toHaveProperty('www-authenticate');
      expect(service.handled).toEqual([undefined]);
      expect(service.failures).toEqual([]);
    });

    test('a good token reaches the handler', async () => {
      const service = await start({ ...guardOptions(), optional: true });

      const answer = await service.get(`Authorization: Bearer ${await idToken()}`);

      expect(answer.status).toBe(200);
      expect(service.handled).toEqual([expect.objectContaining({ claims: expect.objectContaining(SENDER) })]);
    });

    describe('a bad credential is refused as ever:', async () => {
      const requests = await refusedRequests(google, { audience: AUDIENCE, claims: SENDER });

      test.each(requests.filter(({ code }) => code !== 'token_missing'))('$title', async ({ code, headers, jwks }) => {
        const service = await start({ ...guardOptions(), optional: true });
        google.answerWith(jwks);

        const answer = await service.get(`Authorization: ${headers['authorization']}`);

        expectRefused(service, answer, code);
      });

      test.each<[string, 'token_missing' | 'request_invalid', string[]]>([
        ['another scheme', 'token_missing', ['Authorization: Basic dTpw']],
        ['a token without a scheme', 'token_missing', ['Authorization: eyJhbGciOiJSUzI1NiJ9.e30.x']],
        ['the scheme alone', 'request_invalid', ['Authorization: Bearer']],
        ['two empty headers', 'request_invalid', ['Authorization:', 'Authorization:']],
        ['an empty header and a token', 'request_invalid', ['Authorization:', 'Authorization: Bearer x']],
        ['a comma', 'request_invalid', ['Authorization: ,']],
      ])('%s', async (_, code, lines) => {
        const service = await start({ ...guardOptions(), optional: true });

        const answer = await service.get(...lines);

        expectRefused(service, answer, code);
      });
    });

    test('only the header that was chosen counts', async () => {
      const service = await start({ ...guardOptions(), optional: true, header: 'x-serverless-authorization' });
      const token = await idToken();

      const without = await service.get(`Authorization: Bearer ${token}`);
      const bad = await service.get('X-Serverless-Authorization: Bearer cut');
      const good = await service.get(`X-Serverless-Authorization: Bearer ${token}`);

      expect([without.status, bad.status, good.status]).toEqual([200, 401, 200]);
      expect(service.handled).toEqual([undefined, expect.objectContaining({ claims: expect.anything() })]);
    });

    test('events tell of requests without a token', async () => {
      const events: GuardEvent[] = [];
      const onEvent = (event: GuardEvent) => void events.push(event);
      const verifier = createGoogleIdTokenVerifier({ ...guardOptions(), onEvent });
      const service = await start(verifier, { optional: true });

      await service.get();
      await service.get('Authorization: Basic dTpw');
      await service.get(`Authorization: Bearer ${await idToken()}`);

      const types = events.map(({ type }) => type).filter((type) => type.startsWith('token_'));
      expect(types).toEqual(['token_absent', 'token_refused', 'token_accepted']);
      expect(events[0]).toEqual({ type: 'token_absent' });
    });

    test('onRefused is asked about bad credentials only', async () => {
      const refused: string[] = [];
      const onRefused = adapter.onRefused(async ({ code }) => ({ count: refused.push(code) }));
      const service = await start({ ...guardOptions(), optional: true, onRefused });

      const without = await service.get();
      const bad = await service.get('Authorization: Bearer cut');

      expect([without.status, bad.status]).toEqual([200, 418]);
      expect(refused).toEqual(['token_malformed']);
    });

    test('a request without a token costs no fetch of the keys, and passes while they cannot be had', async () => {
      google.answerWith('outage');
      const service = await start({ ...guardOptions(), optional: true });
      const before = google.jwksRequests;

      const answer = await service.get();

      expect(answer.status).toBe(200);
      expect(google.jwksRequests).toBe(before);
    });

    test.each([undefined, null, false])(
      'a verifier that somebody has changed to give %j lets no bad credential pass',
      async (given) => {
        const verifier = Object.assign(createGoogleIdTokenVerifier(guardOptions()), {
          authenticate: async () => given as never,
        });
        const service = await start(verifier, { optional: true });

        const answer = await service.get('Authorization: Bearer cut');

        expect(answer.status).toBe(500);
        expect(service.handled).toEqual([]);
      },
    );

    test('a handler that fails without a token fails by itself', async () => {
      const service = await start({ ...guardOptions(), optional: true });
      const error = new Error('The database is down.');
      service.work = () => Promise.reject(error);

      const answer = await service.get();

      expect(answer.status).toBe(500);
      expect(service.failures).toEqual([error]);
    });
  });

  test.each([false, undefined] as const)('with optional: %j a request without a token is refused', async (optional) => {
    const service = await startService(adapter, { ...guardOptions(), optional });

    const answer = await service.get();

    expectRefused(service, answer, 'token_missing');
  });
}
