import { describe, expect, test } from 'vitest';
import { AUDIENCE, server, VM_ACCOUNT, verify } from './support/google.ts';

const FLAVOR = { 'Metadata-Flavor': 'Google' };

interface Answer {
  readonly status: number;
  readonly flavor: string | null;
  readonly type: string | null;
  readonly body: string;
}

async function get(path: string, headers: Record<string, string> = FLAVOR): Promise<Answer> {
  const answer = await fetch(`${server.url}${path}`, { headers });
  return {
    status: answer.status,
    flavor: answer.headers.get('metadata-flavor'),
    type: answer.headers.get('content-type'),
    body: await answer.text(),
  };
}

function account(rest: string): Promise<Answer> {
  return get(`/computeMetadata/v1/instance/service-accounts/${rest}`);
}

describe('the token of the virtual machine', () => {
  test('says by default neither the e-mail nor the instance', async () => {
    const answer = await account(`default/identity?audience=${AUDIENCE}`);

    expect(answer).toMatchObject({ status: 200, flavor: 'Google', type: 'text/html' });
    const { claims, caller } = await verify(answer.body);
    expect(Object.keys(claims).sort()).toEqual(['aud', 'azp', 'exp', 'iat', 'iss', 'sub']);
    expect(claims.azp).toBe(claims.sub);
    expect(caller).toStrictEqual({ kind: 'subject', subject: expect.stringMatching(/^\d{21}$/) });
  });

  test('says the same with format=standard, and with licenses, which only full tokens have', async () => {
    const answer = await account(`default/identity?audience=${AUDIENCE}&format=standard&licenses=TRUE`);

    const { claims } = await verify(answer.body);
    expect(Object.keys(claims).sort()).toEqual(['aud', 'azp', 'exp', 'iat', 'iss', 'sub']);
  });

  test('says with format=full the e-mail and the instance, of which the metadata server tells the same', async () => {
    const answer = await account(`default/identity?audience=${AUDIENCE}&format=full`);

    const { claims, caller } = await verify(answer.body);
    expect(claims).toMatchObject({ email: VM_ACCOUNT, email_verified: true });
    expect(claims.google?.compute_engine).toStrictEqual({
      instance_creation_timestamp: expect.any(Number),
      instance_id: (await get('/computeMetadata/v1/instance/id')).body,
      instance_name: (await get('/computeMetadata/v1/instance/name')).body,
      project_id: 'my-project',
      project_number: Number((await get('/computeMetadata/v1/project/numeric-project-id')).body),
      zone: (await get('/computeMetadata/v1/instance/zone')).body.split('/').at(-1),
    });
    expect(caller).toMatchObject({ kind: 'service_account', email: VM_ACCOUNT, projectId: 'my-project' });
  });

  test('says with licenses=TRUE the licenses too', async () => {
    const answer = await account(`default/identity?audience=${AUDIENCE}&format=full&licenses=TRUE`);

    const { claims } = await verify(answer.body);
    expect(claims.google?.compute_engine?.license_id).toEqual([expect.stringMatching(/^\d+$/)]);
  });

  test('is the same account by e-mail as by the name default', async () => {
    const byName = await verify((await account(`default/identity?audience=${AUDIENCE}`)).body);
    const byEmail = await verify((await account(`${VM_ACCOUNT}/identity?audience=${AUDIENCE}`)).body);

    expect(byEmail.claims.sub).toBe(byName.claims.sub);
  });

  test('is for the audience as the query has it: decoded, and cut at an ampersand that was not encoded', async () => {
    const encoded = await account('default/identity?audience=https%3A%2F%2Fapi.example.com%2Fpush%3Fa%3D1%26b%3D2');
    const raw = await account('default/identity?format=full&audience=https://api.example.com/push?a=1&b=2');

    await expect(verify(encoded.body, 'https://api.example.com/push?a=1&b=2')).resolves.toBeDefined();
    await expect(verify(raw.body, 'https://api.example.com/push?a=1')).resolves.toBeDefined();
  });

  test.each([
    ['without audience', 'default/identity', 'non-empty audience parameter required'],
    ['with an empty audience', 'default/identity?audience=', 'non-empty audience parameter required'],
    ['with two audiences', 'default/identity?audience=a&audience=b', 'only one audience parameter allowed'],
    ['with two formats', 'default/identity?audience=a&format=full&format=full', 'only one format parameter allowed'],
    ['in an unknown format', 'default/identity?audience=a&format=FULL', 'format parameter must be standard or full'],
  ])('cannot be had %s: 400', async (_, path, body) => {
    expect(await account(path)).toMatchObject({ status: 400, flavor: 'Google', body });
  });
});

describe('the metadata server', () => {
  test('tells that it is there, without asking for a header: client libraries look for its own', async () => {
    expect(await get('/', {})).toMatchObject({ status: 200, flavor: 'Google', body: 'computeMetadata/\n' });
    expect(await get('/')).toMatchObject({ status: 200, flavor: 'Google' });
  });

  test.each([
    '/computeMetadata/v1/instance/service-accounts/default/identity?audience=a',
    '/computeMetadata/v1/instance/service-accounts/default/token',
    '/computeMetadata/v1/instance/service-accounts/default/email',
    '/computeMetadata/v1/project/project-id',
    '/computeMetadata/v1/nowhere',
  ])('demands its header for %s: 403', async (path) => {
    const refusal = { status: 403, flavor: 'Google', body: 'Missing Metadata-Flavor:Google header.' };

    expect(await get(path, {})).toMatchObject(refusal);
    expect(await get(path, { 'Metadata-Flavor': 'Other' })).toMatchObject(refusal);
  });

  test.each([
    'stranger@my-project.iam.gserviceaccount.com/identity?audience=a',
    'stranger@my-project.iam.gserviceaccount.com/token',
    'stranger@my-project.iam.gserviceaccount.com/email',
    'stranger@my-project.iam.gserviceaccount.com/?recursive=true',
    'default/identity/',
    'default/nothing',
    'default/email/',
    '__proto__',
    'constructor',
  ])('knows no other account or key: 404 for %s', async (path) => {
    expect(await account(path)).toMatchObject({ status: 404, flavor: 'Google', body: 'Not Found' });
  });

  test('gives access tokens, which say that they are fake', async () => {
    const answer = await account('default/token?scopes=https://www.googleapis.com/auth/cloud-platform');

    expect(answer).toMatchObject({ status: 200, flavor: 'Google', type: 'application/json' });
    expect(JSON.parse(answer.body)).toStrictEqual({
      access_token: expect.stringMatching(/^ya29\.fake\./),
      expires_in: 3599,
      token_type: 'Bearer',
    });
  });

  test.each([
    ['instance/service-accounts/default/email', VM_ACCOUNT],
    [`instance/service-accounts/${VM_ACCOUNT}/email`, VM_ACCOUNT],
    ['instance/service-accounts/default/scopes', 'https://www.googleapis.com/auth/cloud-platform'],
    ['project/project-id', 'my-project'],
    ['universe/universe-domain', 'googleapis.com'],
  ])('tells %s', async (key, body) => {
    expect(await get(`/computeMetadata/v1/${key}`)).toStrictEqual({
      status: 200,
      flavor: 'Google',
      type: 'application/text',
      body,
    });
  });

  test('lists what is in a directory, with or without a slash behind its name', async () => {
    const listing = 'aliases\nemail\nidentity\nscopes\ntoken\n';

    expect(await account('default/')).toMatchObject({ status: 200, flavor: 'Google', body: listing });
    expect(await account('default')).toMatchObject({ status: 200, flavor: 'Google', body: listing });
    expect(await get('/computeMetadata/v1/')).toMatchObject({ body: 'instance/\nproject/\nuniverse/\n' });
  });

  test('tells all that is in a directory as JSON with recursive=true, but for tokens', async () => {
    const one = await account('default/?recursive=true');
    const all = await account('?recursive=true');
    const project = await get('/computeMetadata/v1/project/?recursive=true');

    const told = {
      aliases: ['default'],
      email: VM_ACCOUNT,
      scopes: ['https://www.googleapis.com/auth/cloud-platform'],
    };
    expect(one).toMatchObject({ status: 200, flavor: 'Google', type: 'application/json' });
    expect(JSON.parse(one.body)).toStrictEqual(told);
    expect(JSON.parse(all.body)).toStrictEqual({ default: told, [VM_ACCOUNT]: told });
    expect(JSON.parse(project.body)).toStrictEqual({ numericProjectId: 107_128_418_443, projectId: 'my-project' });
  });
});
