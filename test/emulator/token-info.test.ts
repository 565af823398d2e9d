import { createFakeGoogle } from '@id-token-guard/testing';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { expect, test } from 'vitest';
import { AUDIENCE, google, SENDER, server } from './support/google.ts';

async function tokenInfo(query: string): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${server.url}/tokeninfo${query}`);
  expect(answer.headers.get('content-type')).toBe('application/json');
  return { status: answer.status, body: await answer.json() };
}

const invalidToken = {
  status: 400,
  body: { error: 'invalid_token', error_description: 'Invalid Value' },
};

test('a good token is told with claims and header in one object, numbers and booleans as strings', async () => {
  const token = await google.idToken({ aud: AUDIENCE, sub: '123', email: SENDER, email_verified: true });
  const { iat, exp } = decodeJwt(token);

  expect(await tokenInfo(`?id_token=${token}`)).toStrictEqual({
    status: 200,
    body: {
      iss: 'https://accounts.google.com',
      aud: AUDIENCE,
      azp: '123',
      sub: '123',
      email: SENDER,
      email_verified: 'true',
      iat: String(iat),
      exp: String(exp),
      alg: 'RS256',
      kid: decodeProtectedHeader(token).kid,
      typ: 'JWT',
    },
  });
});

test('an expired token is invalid', async () => {
  expect(await tokenInfo(`?id_token=${await google.idToken({ aud: AUDIENCE, exp: 1_700_000_000 })}`)).toStrictEqual(
    invalidToken,
  );
});

test("a token that has expired by this Google's clock is invalid", async () => {
  const token = await google.idToken({ aud: AUDIENCE });

  google.shiftTime(7200);
  const answer = await tokenInfo(`?id_token=${token}`);
  google.shiftTime(0);

  expect(answer).toStrictEqual(invalidToken);
});

test('a token without expiry is invalid', async () => {
  expect(await tokenInfo(`?id_token=${await google.idToken({ aud: AUDIENCE, exp: undefined })}`)).toStrictEqual(
    invalidToken,
  );
});

test('a token that another Google signed is invalid, even with the id of a key of this one', async () => {
  const other = await createFakeGoogle();
  const token = await other.idToken({ aud: AUDIENCE }, { kid: google.jwks.keys[0]?.kid });

  expect(await tokenInfo(`?id_token=${token}`)).toStrictEqual(invalidToken);
});

test('what is no token is invalid', async () => {
  expect(await tokenInfo('?id_token=hello')).toStrictEqual(invalidToken);
});

test('a request without token is refused', async () => {
  const refusal = {
    status: 400,
    body: { error: 'invalid_request', error_description: 'Required parameter is missing: id_token' },
  };
  expect(await tokenInfo('')).toStrictEqual(refusal);
  expect(await tokenInfo('?id_token=')).toStrictEqual(refusal);
});

test('a request with two tokens is refused, even if both are good', async () => {
  const token = await google.idToken({ aud: AUDIENCE });

  expect(await tokenInfo(`?id_token=${token}&id_token=${token}`)).toStrictEqual({
    status: 400,
    body: {
      error: 'invalid_request',
      error_description: 'OAuth 2 parameters can only have a single value: id_token',
    },
  });
});
