// How to test your own app: as it is, without a network, with tokens that are really signed and really verified.
import { createFakeGoogle, refusedRequests } from '@id-token-guard/testing';
import { setupServer } from 'msw/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from './hono.ts';

const google = await createFakeGoogle();
const network = setupServer(...google.handlers); // Google's key URL answers from memory.
beforeAll(() => network.listen({ onUnhandledFrame: 'error' }));
afterAll(() => network.close());

const app = createApp();
const sender = { email: 'sender@my-project.iam.gserviceaccount.com', email_verified: true };

test('greets the sender', async () => {
  const token = await google.idToken({ aud: 'https://api.example.com', ...sender });

  const response = await app.request('/hello', { headers: { authorization: `Bearer ${token}` } });

  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ hello: { kind: 'service_account', email: sender.email } });
});

describe('refuses', async () => {
  const requests = await refusedRequests(google, { audience: 'https://api.example.com', claims: sender });

  test.each(requests)('$title: $code', async ({ code, status, headers, jwks }) => {
    google.answerWith(jwks);

    const response = await app.request('/hello', { headers });

    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code });
  });
});
