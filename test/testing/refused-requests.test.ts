import {
  anyCaller,
  createGoogleIdTokenVerifier,
  type GoogleIdTokenErrorCode,
  type GoogleIdTokenVerifier,
  serviceAccount,
} from '@id-token-guard/core';
import { createFakeGoogle, type RefusedRequestsOptions, refusedRequests } from '@id-token-guard/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { REFUSALS } from '../../packages/core/src/errors.ts';
import { refusalOf } from '../core/refusal-of.ts';

const SENDER = { email: 'sender@my-project.iam.gserviceaccount.com', email_verified: true };
const OPTIONS: RefusedRequestsOptions = { audience: 'https://api.example.com', claims: SENDER };

const google = await createFakeGoogle();
beforeEach(() => google.answerWith('ok'));

const requests = await refusedRequests(google, OPTIONS);

test('there is one request for every code, in the order of the refusal table', () => {
  expect(requests.map(({ code }) => code)).toEqual(Object.keys(REFUSALS));
});

test('each says the status that belongs to its code', () => {
  for (const { code, status } of requests) {
    expect(status).toBe(REFUSALS[code].status);
  }
});

test('each has a title of its own, for the name of a test', () => {
  expect(new Set(requests.map(({ title }) => title)).size).toBe(requests.length);
});

test('making them asks for no keys', async () => {
  const before = google.jwksRequests;

  await refusedRequests(google, OPTIONS);

  expect(google.jwksRequests).toBe(before);
});

describe.each(requests)('$title', ({ code, status, headers, jwks }) => {
  test(`is refused with ${code} by an app that has just started, twice in a row`, async () => {
    const verifier = createVerifier();
    google.answerWith(jwks);

    expect(await refusalOf(() => verifier.authenticate(headers))).toMatchObject({ code, status });
    expect(await refusalOf(() => verifier.authenticate(headers))).toMatchObject({ code, status });
  });

  test(`is refused with ${code} by an app that is in use, twice in a row`, async () => {
    const verifier = createVerifier();
    await verifier.authenticate(await goodHeaders());
    google.answerWith(jwks);

    expect(await refusalOf(() => verifier.authenticate(headers))).toMatchObject({ code, status });
    expect(await refusalOf(() => verifier.authenticate(headers))).toMatchObject({ code, status });
  });

  test('does not keep the app from accepting a good token afterwards', async () => {
    const verifier = createVerifier();
    await verifier.authenticate(await goodHeaders());
    google.answerWith(jwks);
    await refusalOf(() => verifier.authenticate(headers));

    google.answerWith('ok');

    await expect(verifier.authenticate(await goodHeaders())).resolves.toMatchObject({ claims: SENDER });
  });
});

test('one app refuses all of them one after the other, each with its code', async () => {
  const verifier = createVerifier();
  const codes: GoogleIdTokenErrorCode[] = [];

  for (const { headers, jwks } of requests) {
    google.answerWith(jwks);
    codes.push((await refusalOf(() => verifier.authenticate(headers))).code);
  }

  expect(codes).toEqual(requests.map(({ code }) => code));
});

test('all but the last one leave an app in use alone with its keys: they cost no fetch', async () => {
  const verifier = createVerifier();
  await verifier.authenticate(await goodHeaders());
  const before = google.jwksRequests;

  for (const { headers } of requests.slice(0, -1)) {
    await refusalOf(() => verifier.authenticate(headers));
  }

  expect(google.jwksRequests).toBe(before);
});

test('the stranger is let in where any caller is, and none of the others', async () => {
  const verifier = createGoogleIdTokenVerifier({
    audience: OPTIONS.audience,
    callers: anyCaller,
    keys: google.keySet(),
  });

  for (const { code, headers, jwks } of requests) {
    google.answerWith(jwks);
    if (code === 'caller_not_allowed') {
      await expect(verifier.authenticate(headers)).resolves.toMatchObject({ caller: { kind: 'service_account' } });
    } else {
      expect((await refusalOf(() => verifier.authenticate(headers))).code).toBe(code);
    }
  }
});

test('without claims they suit an app that knows its callers by the default subject', async () => {
  const { sub } = (await createVerifier().authenticate(await goodHeaders())).claims;
  const verifier = createVerifier(sub);

  for (const { code, headers, jwks } of await refusedRequests(google, { audience: OPTIONS.audience })) {
    google.answerWith(jwks);
    expect((await refusalOf(() => verifier.authenticate(headers))).code).toBe(code);
  }
});

test('they come in the header that the app reads, and in no other', async () => {
  const verifier = createVerifier();
  const header = 'x-serverless-authorization';

  for (const { code, headers, jwks } of await refusedRequests(google, { ...OPTIONS, header })) {
    google.answerWith(jwks);
    expect(Object.keys(headers)).toEqual(code === 'token_missing' ? [] : [header]);
    expect((await refusalOf(() => verifier.authenticate(headers, { header }))).code).toBe(code);
  }
});

test('they go by the clock of the fake Google, where it has one of its own', async () => {
  const now = () => 1_000_000_000_000;
  const timeless = await createFakeGoogle({ now });
  const verifier = createGoogleIdTokenVerifier({
    audience: OPTIONS.audience,
    callers: serviceAccount(SENDER.email),
    keys: timeless.keySet(),
    now,
  });

  const expectedAndActual: [GoogleIdTokenErrorCode, GoogleIdTokenErrorCode][] = [];
  for (const { code, headers, jwks } of await refusedRequests(timeless, OPTIONS)) {
    timeless.answerWith(jwks);
    expectedAndActual.push([code, (await refusalOf(() => verifier.authenticate(headers))).code]);
  }

  expect(expectedAndActual.filter(([expected, actual]) => expected !== actual)).toEqual([]);
});

function createVerifier(account: string = SENDER.email): GoogleIdTokenVerifier {
  return createGoogleIdTokenVerifier({
    audience: OPTIONS.audience,
    callers: serviceAccount(account),
    keys: google.keySet(),
  });
}

async function goodHeaders(): Promise<{ authorization: string }> {
  return { authorization: `Bearer ${await google.idToken({ ...SENDER, aud: OPTIONS.audience })}` };
}
