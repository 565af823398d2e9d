import { anyCaller, createGoogleIdTokenVerifier, createGoogleKeySet } from '@id-token-guard/core';
import { listen } from '@id-token-guard/emulator';
import { createFakeGoogle } from '@id-token-guard/testing';
import { decodeProtectedHeader } from 'jose';
import { expect, test } from 'vitest';
import { AUDIENCE, google, server, verify } from './support/google.ts';

test('two keys are published from the start, with a lifetime of hours, as Google does, and say that they are fake', async () => {
  const answer = await fetch(server.jwksUrl);

  expect(server.jwksUrl).toBe(`${server.url}/oauth2/v3/certs`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/json; charset=UTF-8');
  expect(answer.headers.get('cache-control')).toMatch(/^public, max-age=\d{5}, must-revalidate, no-transform$/);
  const { keys } = (await answer.json()) as { keys: unknown[] };
  expect(keys).toEqual(google.jwks.keys);
  expect(keys).toHaveLength(2);
  for (const key of keys) {
    expect(key).toStrictEqual({
      kty: 'RSA',
      alg: 'RS256',
      use: 'sig',
      kid: expect.stringMatching(/^[0-9a-f]{40}$/),
      n: expect.any(String),
      e: 'AQAB',
      fake: true,
    });
  }
});

test('the second key signs after the next rotation, so that a guard needs no new keys for it', async () => {
  const verifier = createGoogleIdTokenVerifier({
    audience: AUDIENCE,
    callers: anyCaller,
    keys: createGoogleKeySet({ url: server.jwksUrl }),
  });
  await verifier.verify(await google.idToken({ aud: AUDIENCE }));
  const published = google.jwks.keys.map(({ kid }) => kid);
  const requests = google.jwksRequests;

  const signing = await google.rotateKeys();

  const token = await google.idToken({ aud: AUDIENCE });
  expect(signing).toBe(published[1]);
  expect(decodeProtectedHeader(token).kid).toBe(signing);
  await expect(verifier.verify(token)).resolves.toMatchObject({ header: { kid: signing } });
  expect(google.jwksRequests).toBe(requests);
});

test('a rotated key stays published until the next rotation, and there is always one key ahead', async () => {
  const fake = await createFakeGoogle();
  const listening = await listen(fake, { port: 0 });
  const kids = () => fake.jwks.keys.map(({ kid }) => kid);
  const [first, second] = kids();

  await fake.rotateKeys();
  const afterOne = kids();
  await fake.rotateKeys();
  const afterTwo = kids();
  await fake.rotateKeys({ withdrawOld: true });
  const afterLeak = kids();
  await listening.close();

  expect(afterOne).toEqual([second, expect.any(String), first]);
  expect(afterTwo).toEqual([afterOne[1], expect.any(String), second]);
  expect(afterLeak).toEqual([afterTwo[1], expect.any(String)]);
  expect(new Set([...afterOne, ...afterTwo, ...afterLeak]).size).toBe(5);
});

test('a token that was signed before a rotation is still good after it', async () => {
  const token = await google.idToken({ aud: AUDIENCE });

  await google.rotateKeys();

  await expect(verify(token)).resolves.toMatchObject({ claims: { aud: AUDIENCE } });
});

test('the discovery document names the issuer that tokens have, and this server for the rest', async () => {
  const answer = await fetch(`${server.url}/.well-known/openid-configuration`);

  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/json');
  expect(answer.headers.get('cache-control')).toBe('public, max-age=3600');
  expect(await answer.json()).toMatchObject({
    issuer: 'https://accounts.google.com',
    jwks_uri: server.jwksUrl,
    token_endpoint: `${server.url}/token`,
    id_token_signing_alg_values_supported: ['RS256'],
  });
});
