import { beforeAll, describe, expect, test } from 'vitest';
import { AUDIENCE, google, post, SENDER, server, VM_ACCOUNT, verify } from './support/google.ts';

let authorization: string;

beforeAll(async () => {
  authorization = `Bearer ${await accessToken()}`;
});

async function accessToken(): Promise<string> {
  const url = `${server.url}/computeMetadata/v1/instance/service-accounts/default/token`;
  const answer = await fetch(url, { headers: { 'Metadata-Flavor': 'Google' } });
  return ((await answer.json()) as { access_token: string }).access_token;
}

function pathOf(account: string, project = '-'): string {
  return `/v1/projects/${project}/serviceAccounts/${account}:generateIdToken`;
}

function generate(body: unknown, account = SENDER): Promise<Response> {
  return post(pathOf(account), body, { authorization, 'content-type': 'application/json' });
}

async function tokenOf(answer: Response): Promise<string> {
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/json');
  const body = await answer.json();
  expect(body).toStrictEqual({ token: expect.any(String) });
  return (body as { token: string }).token;
}

async function errorOf(answer: Response): Promise<unknown> {
  expect(answer.headers.get('content-type')).toBe('application/json');
  const { error } = (await answer.json()) as { error: { code: number } };
  expect(error.code).toBe(answer.status);
  return error;
}

describe('generateIdToken', () => {
  test('makes a token that tells no e-mail unless asked to', async () => {
    const { claims, caller } = await verify(await tokenOf(await generate({ audience: AUDIENCE })));

    expect(Object.keys(claims).sort()).toEqual(['aud', 'azp', 'exp', 'iat', 'iss', 'sub']);
    expect(claims.azp).toBe(claims.sub);
    expect(caller.kind).toBe('subject');
  });

  test.each([[true], ['true']])('tells the e-mail with includeEmail: %j', async (includeEmail) => {
    const { caller } = await verify(await tokenOf(await generate({ audience: AUDIENCE, includeEmail })));

    expect(caller).toMatchObject({ kind: 'service_account', email: SENDER, projectId: 'my-project' });
  });

  test.each([[false], ['false'], [null]])('tells no e-mail with includeEmail: %j', async (includeEmail) => {
    const { claims } = await verify(await tokenOf(await generate({ audience: AUDIENCE, includeEmail })));

    expect(claims).not.toHaveProperty('email');
    expect(claims).not.toHaveProperty('email_verified');
  });

  test('tells the number of the organization with organizationNumberIncluded', async () => {
    const body = { audience: AUDIENCE, organizationNumberIncluded: true };

    const { claims } = await verify(await tokenOf(await generate(body)));

    expect(claims.google).toStrictEqual({ organization_number: expect.any(Number) });
  });

  test("puts the e-mail into azp with useEmailAzp, which Google's libraries send though it is not documented", async () => {
    const { claims } = await verify(await tokenOf(await generate({ audience: AUDIENCE, useEmailAzp: true })));

    expect(claims.azp).toBe(SENDER);
  });

  test('takes delegates that exist', async () => {
    const delegates = [`projects/-/serviceAccounts/${VM_ACCOUNT}`];

    await expect(verify(await tokenOf(await generate({ audience: AUDIENCE, delegates })))).resolves.toBeDefined();
  });

  test('takes the unique id of an account it has met, in place of the e-mail', async () => {
    const met = await verify(await tokenOf(await generate({ audience: AUDIENCE, includeEmail: true })));

    const byId = await tokenOf(await generate({ audience: AUDIENCE, includeEmail: true }, met.claims.sub));

    expect((await verify(byId)).caller).toStrictEqual(met.caller);
  });

  test.each([
    ['no body', ''],
    ['no audience', {}],
    ['an empty audience', { audience: '' }],
    ['null as audience', { audience: null }],
  ])('refuses %s: 400', async (_, body) => {
    const answer = await generate(body);

    expect(answer.status).toBe(400);
    expect(await errorOf(answer)).toMatchObject({
      status: 'INVALID_ARGUMENT',
      message: 'Request contains an invalid argument.',
      details: [{ fieldViolations: [{ field: 'audience' }] }],
    });
  });

  test.each([
    ['text', 'hello'],
    ['JSON that is cut short', '{"audience": "a"'],
    ['an array', [{ audience: 'a' }]],
    ['null', null],
  ])('refuses %s as body: 400', async (_, body) => {
    const answer = await generate(body);

    expect(answer.status).toBe(400);
    expect(await errorOf(answer)).toStrictEqual({
      code: 400,
      status: 'INVALID_ARGUMENT',
      message: 'Invalid JSON payload received. Unexpected token.',
    });
  });

  test.each([
    [{ audiences: 'a' }, 'Invalid JSON payload received. Unknown name "audiences": Cannot find field.'],
    [{ includeEmail: 'yes' }, `Invalid value at 'include_email' (TYPE_BOOL), "yes"`],
    [{ includeEmail: 1 }, "Invalid value at 'include_email' (TYPE_BOOL), 1"],
    [{ audience: ['a'] }, `Invalid value at 'audience' (TYPE_STRING), ["a"]`],
    [{ delegates: 'a' }, `Invalid value at 'delegates' (TYPE_STRING), "a"`],
    [{ delegates: [1] }, "Invalid value at 'delegates' (TYPE_STRING), [1]"],
  ])('refuses the field in %j: 400', async (fields, message) => {
    const answer = await generate({ audience: AUDIENCE, ...fields });

    expect(answer.status).toBe(400);
    expect(await errorOf(answer)).toMatchObject({ status: 'INVALID_ARGUMENT', message });
  });

  test('refuses delegates that are not of the form that Google wants: 400', async () => {
    const answer = await generate({ audience: AUDIENCE, delegates: [VM_ACCOUNT] });

    expect(answer.status).toBe(400);
    expect(await errorOf(answer)).toMatchObject({
      status: 'INVALID_ARGUMENT',
      details: [{ fieldViolations: [{ field: 'delegates' }] }],
    });
  });

  test('refuses the id of a project in place of the dash: 400', async () => {
    const answer = await post(pathOf(SENDER, 'my-project'), { audience: AUDIENCE }, { authorization });

    expect(answer.status).toBe(400);
    expect(await errorOf(answer)).toMatchObject({ status: 'INVALID_ARGUMENT' });
  });

  test.each([['ada@example.com'], ['100000000000000000001'], ['sender']])(
    'knows no account %s: 404',
    async (account) => {
      const asTarget = await generate({ audience: AUDIENCE }, account);
      const delegates = [`projects/-/serviceAccounts/${account}`];
      const asDelegate = await generate({ audience: AUDIENCE, delegates });

      for (const answer of [asTarget, asDelegate]) {
        expect(answer.status).toBe(404);
        expect(await errorOf(answer)).toStrictEqual({
          code: 404,
          status: 'NOT_FOUND',
          message: `Not found; Gaia id not found for email ${account}`,
        });
      }
    },
  );
});

describe('generateIdToken demands an access token of this Google', () => {
  test('none: 401', async () => {
    const answer = await post(pathOf(SENDER), { audience: AUDIENCE });

    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="https://accounts.google.com/"');
    expect(await errorOf(answer)).toMatchObject({
      status: 'UNAUTHENTICATED',
      message: expect.stringMatching(/^Request is missing required authentication credential\. Expected OAuth 2/),
    });
  });

  test('another, or another kind: 401', async () => {
    const idToken = await google.idToken({ aud: AUDIENCE });
    const credentials = ['Bearer ya29.real-looking', `Bearer ${idToken}`, 'Basic dTpw', 'Bearer', ''];

    for (const credential of credentials) {
      const answer = await post(pathOf(SENDER), { audience: AUDIENCE }, { authorization: credential });

      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toBe(
        'Bearer realm="https://accounts.google.com/", error="invalid_token"',
      );
      expect(await errorOf(answer)).toMatchObject({
        status: 'UNAUTHENTICATED',
        message: expect.stringMatching(/^Request had invalid authentication credentials\. Expected OAuth 2/),
      });
    }
  });

  test('one that has expired since: 401', async () => {
    google.shiftTime(2 * 3600);
    const answer = await generate({ audience: AUDIENCE });
    google.shiftTime(0);

    expect(answer.status).toBe(401);
    expect(await errorOf(answer)).toMatchObject({ status: 'UNAUTHENTICATED' });
  });
});
