/*
 * What people send by mistake: none of it passes, and the operator reads what it was.
 */
import { anyCaller, createGoogleIdTokenVerifier } from '@id-token-guard/core';
import { createFakeGoogle } from '@id-token-guard/testing';
import { describe, expect, test } from 'vitest';

const { mistakes, jwks, keySet } = await createFakeGoogle();
const audience = 'https://api.example.com';
const guard = createGoogleIdTokenVerifier({ audience, callers: anyCaller, keys: keySet() });

const MISTAKES = {
  firebase: {
    request: () => mistakes.firebase({ projectId: 'shop' }),
    code: 'key_unknown',
    hint: '"iss" is "https://securetoken.google.com/shop": this is a Firebase token',
  },
  iap: {
    request: () => mistakes.iap(),
    code: 'algorithm_unsupported',
    hint: 'this is an assertion of Identity-Aware Proxy (ES256',
  },
  selfSigned: {
    request: () => mistakes.selfSigned({ audience }),
    code: 'key_unknown',
    hint: '"iss" is "sender@my-project.iam.gserviceaccount.com": the service account signed this token itself',
  },
  accessToken: {
    request: () => mistakes.accessToken(),
    code: 'token_malformed',
    hint: 'This is an OAuth access token (ya29.…), not an ID token.',
  },
  agentIdentity: {
    request: () => mistakes.agentIdentity({ audience }),
    code: 'key_unknown',
    hint: 'this is an agent identity token, which cannot be verified',
  },
  chatProjectNumber: {
    request: () => mistakes.chatProjectNumber(),
    code: 'key_unknown',
    hint: 'Set the authentication audience of the Chat app to "HTTP endpoint URL"',
  },
};

describe.each(Object.entries(MISTAKES))('google.mistakes.%s', (_, { request, code, hint }) => {
  test('is refused, and the hint says what it is', async () => {
    const { headers, token } = await request();

    expect(headers).toStrictEqual({ authorization: `Bearer ${token}` });
    await expect(guard.authenticate(headers)).rejects.toMatchObject({
      code,
      status: 401,
      hint: expect.stringContaining(hint),
    });
  });
});

test('every mistake is tried here', () => {
  expect(Object.keys(MISTAKES)).toStrictEqual(Object.keys(mistakes));
});

test('no mistake is signed with a key that Google publishes for ID tokens', async () => {
  const published = jwks.keys.map(({ kid }) => kid);

  for (const { token } of [await mistakes.firebase(), await mistakes.iap(), await mistakes.selfSigned({ audience })]) {
    const { kid } = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());
    expect(published).not.toContain(kid);
  }
});
