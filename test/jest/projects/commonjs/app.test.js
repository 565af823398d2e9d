// Jest as it is without any configuration: CommonJS, no transform that is asked for, no await outside of functions.
const { createGoogleKeySet, isGoogleIdTokenError, serviceAccount, staticKeySet } = require('@id-token-guard/core');
const { requireGoogleIdToken } = require('@id-token-guard/express');
const { createFakeGoogle, testGuard } = require('@id-token-guard/testing');
const express = require('express');

const audience = 'https://api.example.com';
const claims = { email: 'sender@my-project.iam.gserviceaccount.com', email_verified: true };

const google = createFakeGoogle();
let server;
let url;

beforeAll(async () => {
  const app = express();
  app.use(requireGoogleIdToken({ audience, callers: serviceAccount(claims.email), keys: (await google).keySet() }));
  app.get('/hello', (req, res) => res.json({ hello: req.googleIdToken.caller.email }));
  await new Promise((resolve) => {
    server = app.listen(0, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${server.address().port}/hello`;
});
afterAll(() => server.close());

const send = (headers) => fetch(url, { headers });

test('greets the sender', async () => {
  const token = await (await google).idToken({ aud: audience, ...claims });

  const response = await send({ authorization: `Bearer ${token}` });

  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ hello: claims.email });
});

test('what is required is one core, and its errors are known', async () => {
  const { createGoogleIdTokenVerifier } = require('@id-token-guard/core');
  const keys = staticKeySet((await google).jwks);
  const verifier = createGoogleIdTokenVerifier({ audience, callers: serviceAccount(claims.email), keys });

  const refused = await verifier.verify('cut').catch((error) => error);

  expect(isGoogleIdTokenError(refused)).toBe(true);
  expect(refused).toMatchObject({ code: 'token_malformed', status: 401 });
});

test('a stubbed fetch is where the keys come from, and nobody asks the network', async () => {
  const jwks = (await google).jwks;
  const stub = jest.spyOn(globalThis, 'fetch').mockImplementation(async () => Response.json(jwks));
  const keys = createGoogleKeySet();

  await keys.preload();

  expect(stub.mock.calls.map(([asked]) => asked)).toEqual(['https://www.googleapis.com/oauth2/v3/certs']);
  expect(keys.status()).toMatchObject({ state: 'fresh', keyIds: jwks.keys.map(({ kid }) => kid) });
  stub.mockRestore();
});

testGuard('GET /hello', send, { google, audience, claims });
testGuard('GET /hello, with a function', send, { google: () => google, audience, claims });
