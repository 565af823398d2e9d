import { GoogleIdTokenError, type GuardEvent } from '@id-token-guard/core';
import { refusedRequests } from '@id-token-guard/testing';
import { describe, expect, test } from 'vitest';
import { AUDIENCE, google, guardOptions, idToken, SENDER } from '../support/fixtures.ts';
import { requestText } from '../support/raw-http.ts';
import { expectRefused, REFUSAL_TABLE } from '../support/refusal-table.ts';
import { type Adapter, startService } from '../support/service.ts';

export function describeAcceptedRequests<OnRefused>(adapter: Adapter<OnRefused>): void {
  test('a good token reaches the handler, once, with its claims and its caller', async () => {
    const service = await startService(adapter, guardOptions());

    const answer = await service.get(`Authorization: Bearer ${await idToken()}`);

    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toEqual({ sub: SENDER.sub });
    expect(answer.headers).not.toHaveProperty('www-authenticate');
    expect(service.handled).toEqual([
      {
        claims: expect.objectContaining({ aud: AUDIENCE, iss: 'https://accounts.google.com', ...SENDER }),
        header: expect.objectContaining({ alg: 'RS256', kid: google.jwks.keys[0]?.kid }),
        caller: {
          kind: 'service_account',
          uniqueId: SENDER.sub,
          email: SENDER.email,
          projectId: 'my-project',
        },
      },
    ]);
  });

  test('the same token is good for many requests', async () => {
    const service = await startService(adapter, guardOptions());
    const authorization = `Authorization: Bearer ${await idToken()}`;

    const statuses = [await service.get(authorization), await service.get(authorization)].map(({ status }) => status);

    expect(statuses).toEqual([200, 200]);
    expect(service.handled).toHaveLength(2);
  });
}

export function describeRefusedRequests<OnRefused>(adapter: Adapter<OnRefused>): void {
  describe.each(['authorization', 'x-serverless-authorization'] as const)('refuses in %s', async (header) => {
    const requests = await refusedRequests(google, { audience: AUDIENCE, claims: SENDER, header });

    test('a request for every code', () => {
      expect(requests.map(({ code }) => code)).toEqual(Object.keys(REFUSAL_TABLE));
    });

    test.each(requests)('$title: $code', async ({ code, headers, jwks }) => {
      const service = await startService(adapter, { ...guardOptions(), header });
      google.answerWith(jwks);

      const answer = await service.get(...headerLines(headers));

      expectRefused(service, answer, code);
    });

    test.each(requests)('$title, and tells nothing about it', async ({ headers, jwks }) => {
      const events: GuardEvent[] = [];
      const onEvent = (event: GuardEvent) => void events.push(event);
      const service = await startService(adapter, { ...guardOptions(), header, onEvent });
      google.answerWith(jwks);

      const { text } = await service.get(...headerLines(headers));

      const hint = events.find((event) => event.type === 'token_refused')?.hint;
      expect(hint).toBeTypeOf('string');
      const segments = Object.values(headers).flatMap((value) => value.replace('Bearer', '').trim().split('.'));
      const secrets = [hint, ...segments, 'example.com', 'gserviceaccount', SENDER.sub, 'orders', 'in-the-url'];
      for (const secret of secrets.filter((value) => value !== undefined && value !== '')) {
        expect(text).not.toContain(secret);
      }
    });
  });

  test('Retry-After says for how long the keys will not be asked for', async () => {
    const unavailable = new GoogleIdTokenError('keys_unavailable', { retryAfterSeconds: 7 });
    const keys = { ...google.keySet(), get: () => Promise.reject(unavailable) };
    const service = await startService(adapter, { ...guardOptions(), keys });

    const answer = await service.get(`Authorization: Bearer ${await idToken()}`);

    expectRefused(service, answer, 'keys_unavailable');
    expect(answer.headers['retry-after']).toBe('7');
  });

  test('the answer says how long it is, so that a client that reuses the connection knows where it ends', async () => {
    const service = await startService(adapter, guardOptions());

    const answer = await service.get();

    expectRefused(service, answer, 'token_missing');
    expect(answer.headers).not.toHaveProperty('transfer-encoding');
    expect(answer.headers['content-length']).toBe(String(answer.body.length));
  });

  test('headers that the application puts on every answer, as CORS does, are on a refusal, too', async () => {
    const service = await startService(adapter, guardOptions());

    const answer = await service.get();

    expectRefused(service, answer, 'token_missing');
    expect(answer.headers['x-request-id']).toBe('42');
  });

  test('a refused request with a body leaves the connection to the next one', async () => {
    const service = await startService(adapter, guardOptions());
    const order = ['POST /orders HTTP/1.1', 'Host: api.example.com', 'Content-Length: 100000', '', '.'.repeat(100_000)];

    const { text } = await service.send(
      order.join('\r\n') + requestText('GET /orders HTTP/1.1', [`Authorization: Bearer ${await idToken()}`]),
    );

    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 401', 'HTTP/1.1 200']);
    expect(service.handled).toHaveLength(1);
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('a %s request is refused like any other', async (method) => {
    const service = await startService(adapter, guardOptions());

    const answer = await service.request(`${method} /orders HTTP/1.1`);

    expectRefused(service, answer, 'token_missing');
  });

  test('a HEAD request is refused with the same headers and without a body', async () => {
    const service = await startService(adapter, guardOptions());
    const { headers } = await service.get('Authorization: Bearer cut');

    const answer = await service.request('HEAD /orders HTTP/1.1', 'Authorization: Bearer cut');

    expect(answer.status).toBe(401);
    for (const name of ['www-authenticate', 'content-type', 'cache-control', 'retry-after']) {
      expect(answer.headers[name]).toBe(headers[name]);
    }
    expect(answer.body).toBe('');
    expect(service.handled).toEqual([]);
  });

  test('requests at the same time get each its own answer, and cost one fetch of the keys', async () => {
    const service = await startService(adapter, guardOptions());
    const hostile = await refusedRequests(google, { audience: AUDIENCE, claims: SENDER });
    const refused = hostile.filter(({ code }) => code !== 'keys_unavailable');
    const fetchesBefore = google.jwksRequests;

    await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const request = index % 2 === 0 ? undefined : refused[index % refused.length];
        if (request === undefined) {
          const { status, body } = await service.get(`Authorization: Bearer ${await idToken({ sub: `${index}` })}`);
          expect({ status, body }).toEqual({ status: 200, body: `{"sub":"${index}"}` });
        } else {
          const { status, body } = await service.get(...headerLines(request.headers));
          expect({ status, body }).toEqual({ status: request.status, body: REFUSAL_TABLE[request.code].body });
        }
      }),
    );

    expect(service.handled).toHaveLength(25);
    expect(service.failures).toEqual([]);
    expect(google.jwksRequests).toBe(fetchesBefore + 1);
  });
}

function headerLines(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
}
