import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serviceAccount } from '@id-token-guard/core';
import { googleIdToken, requireGoogleIdToken } from '@id-token-guard/express';
import { createFakeGoogle, testGuard } from '@id-token-guard/testing';
import express from 'express';

const audience = 'https://api.example.com';
const claims = { email: 'sender@my-project.iam.gserviceaccount.com', email_verified: true };

const google = createFakeGoogle();
let server: Server;
let url: string;

beforeAll(async () => {
  const app = express();
  app.use(requireGoogleIdToken({ audience, callers: serviceAccount(claims.email), keys: (await google).keySet() }));
  app.get('/hello', (req, res) => {
    res.json({ hello: googleIdToken(req).caller });
  });
  await new Promise<void>((resolve) => {
    server = app.listen(0, '127.0.0.1', () => resolve());
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hello`;
});
afterAll(() => {
  server.close();
});

const send = (headers: Readonly<Record<string, string>>) => fetch(url, { headers });

test('greets the sender', async () => {
  const token = await (await google).idToken({ aud: audience, ...claims });

  const response = await send({ authorization: `Bearer ${token}` });

  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ hello: { email: claims.email } });
});

testGuard('GET /hello', send, { google, audience, claims });
