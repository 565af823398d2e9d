import type { ServiceAccountKey } from '@id-token-guard/emulator';
import { importPKCS8, SignJWT } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { AUDIENCE, google, SENDER, server, verify } from './support/google.ts';

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const BAD_TIME =
  'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.';

let key: ServiceAccountKey;

beforeAll(async () => {
  const answer = await fetch(`${server.url}/admin/service-accounts/${SENDER}/key`);
  key = (await answer.json()) as ServiceAccountKey;
});

/** An assertion as Google's client libraries sign it, with `claims` in place of theirs. */
async function assertion(claims: Record<string, unknown>, signer: ServiceAccountKey = key): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const payload = { iss: SENDER, aud: key.token_uri, iat: now, exp: now + 3600, target_audience: AUDIENCE, ...claims };
  const privateKey = await importPKCS8(signer.private_key, 'RS256');
  return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', typ: 'JWT' }).sign(privateKey);
}

async function exchange(parameters: Record<string, string> | [string, string][]): Promise<[number, unknown]> {
  const answer = await fetch(key.token_uri, { method: 'POST', body: new URLSearchParams(parameters) });
  expect(answer.headers.get('content-type')).toBe('application/json');
  return [answer.status, await answer.json()];
}

async function exchangeClaims(claims: Record<string, unknown>): Promise<[number, unknown]> {
  return exchange({ grant_type: GRANT_TYPE, assertion: await assertion(claims) });
}

function refusal(error: string, description: string, status = 400): [number, unknown] {
  return [status, { error, error_description: description }];
}

describe('the token endpoint', () => {
  test('gives an ID token for an assertion with target_audience; its azp is the e-mail', async () => {
    const [status, body] = await exchangeClaims({});

    expect(status).toBe(200);
    expect(body).toStrictEqual({ id_token: expect.any(String) });
    const { claims, caller } = await verify((body as { id_token: string }).id_token);
    expect(claims).toMatchObject({ azp: SENDER, email: SENDER, email_verified: true, sub: key.client_id });
    expect(caller).toMatchObject({ kind: 'service_account', email: SENDER });
  });

  test('gives an ID token where there is a scope too, as libraries send it', async () => {
    const [status, body] = await exchangeClaims({ scope: 'https://www.googleapis.com/auth/cloud-platform' });

    expect(status).toBe(200);
    expect(body).toStrictEqual({ id_token: expect.any(String) });
  });

  test('takes an assertion for the real endpoint: some libraries know no other', async () => {
    const [status] = await exchangeClaims({ aud: 'https://oauth2.googleapis.com/token' });

    expect(status).toBe(200);
  });

  test('gives an access token, which says that it is fake, for a scope without target_audience', async () => {
    const scope = 'https://www.googleapis.com/auth/cloud-platform';

    expect(await exchangeClaims({ target_audience: undefined, scope })).toStrictEqual([
      200,
      { access_token: expect.stringMatching(/^ya29\.fake\./), expires_in: 3599, token_type: 'Bearer' },
    ]);
  });

  test.each([
    ['neither target_audience nor scope', {}],
    ['an empty target_audience', { target_audience: '' }],
    ['a list as target_audience', { target_audience: [AUDIENCE] }],
  ])('refuses %s', async (_, claims) => {
    expect(await exchangeClaims({ target_audience: undefined, ...claims })).toStrictEqual(
      refusal('invalid_scope', 'Invalid OAuth scope or ID token audience provided.'),
    );
  });

  test('refuses an assertion in the name of a person (domain-wide delegation)', async () => {
    const [status, body] = await exchangeClaims({ sub: 'ada@example.com' });

    expect(status).toBe(401);
    expect(body).toMatchObject({ error: 'unauthorized_client' });
  });

  test('refuses another grant, and none', async () => {
    expect(await exchange({ grant_type: 'authorization_code', assertion: await assertion({}) })).toStrictEqual(
      refusal('unsupported_grant_type', 'Invalid grant_type: authorization_code'),
    );
    expect(await exchange({ assertion: await assertion({}) })).toStrictEqual(
      refusal('unsupported_grant_type', 'Invalid grant_type: '),
    );
  });

  test('refuses a body that is not a form, as if it were empty', async () => {
    const body = JSON.stringify({ grant_type: GRANT_TYPE, assertion: await assertion({}) });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(key.token_uri, { method: 'POST', body, headers });

    expect([answer.status, await answer.json()]).toStrictEqual(
      refusal('unsupported_grant_type', 'Invalid grant_type: '),
    );
  });

  test.each(['grant_type', 'assertion'])('refuses two parameters named %s, even if they are equal', async (name) => {
    const parameters = { grant_type: GRANT_TYPE, assertion: await assertion({}) };
    const twice = [...Object.entries(parameters), ...Object.entries(parameters).filter(([one]) => one === name)];

    expect(await exchange(twice)).toStrictEqual(
      refusal('invalid_request', `OAuth 2 parameters can only have a single value: ${name}`),
    );
  });

  test.each([
    ['no assertion', {}],
    ['an assertion that is no JWT', { assertion: 'hello' }],
    ['an assertion whose claims are no JSON', { assertion: 'e30.bm8.c2ln' }],
  ])('knows no account for %s', async (_, parameters) => {
    expect(await exchange({ grant_type: GRANT_TYPE, ...parameters })).toStrictEqual(
      refusal('invalid_grant', 'Invalid grant: account not found'),
    );
  });

  test('knows no account for which it has not handed out a key', async () => {
    expect(await exchangeClaims({ iss: 'stranger@my-project.iam.gserviceaccount.com' })).toStrictEqual(
      refusal('invalid_grant', 'Invalid grant: account not found'),
    );
  });

  test("refuses an assertion that another account's key signed", async () => {
    const other = await server.serviceAccountKey('other@my-project.iam.gserviceaccount.com');

    expect(await exchange({ grant_type: GRANT_TYPE, assertion: await assertion({}, other) })).toStrictEqual(
      refusal('invalid_grant', 'Invalid JWT Signature.'),
    );
  });

  test('refuses an assertion that is not signed', async () => {
    const unsigned = `${btoa(JSON.stringify({ alg: 'none' }))}.${(await assertion({})).split('.')[1]}.`;

    expect(await exchange({ grant_type: GRANT_TYPE, assertion: unsigned })).toStrictEqual(
      refusal('invalid_grant', 'Invalid JWT Signature.'),
    );
  });

  test.each([
    ['another endpoint', { aud: 'https://other.example.com/token' }],
    ['nobody', { aud: undefined }],
  ])('refuses an assertion for %s', async (_, claims) => {
    expect(await exchangeClaims(claims)).toStrictEqual(refusal('invalid_grant', 'Invalid JWT: Failed audience check.'));
  });

  const now = Math.floor(Date.now() / 1000);
  test.each([
    ['has expired', { iat: now - 7200, exp: now - 3600 }],
    ['is from the future', { iat: now + 3600, exp: now + 7200 }],
    ['lives for more than an hour', { exp: now + 7200 }],
    ['was issued more than an hour ago', { iat: now - 7200 }],
    ['does not say when it was issued', { iat: undefined }],
    ['does not say when it expires', { exp: undefined }],
    ['tells its time as text', { exp: String(now + 60) }],
  ])('refuses an assertion that %s', async (_, claims) => {
    expect(await exchangeClaims(claims)).toStrictEqual(refusal('invalid_grant', BAD_TIME));
  });

  test("goes by this Google's clock", async () => {
    google.shiftTime(-7200);
    const refused = await exchangeClaims({});
    google.shiftTime(0);

    expect(refused).toStrictEqual(refusal('invalid_grant', BAD_TIME));
  });
});
