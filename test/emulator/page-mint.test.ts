import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { describe, expect, test } from 'vitest';
import { AUDIENCE, post, SENDER, verify } from './support/google.ts';
import { explain, GOOD_INPUT, mint } from './support/page-endpoints.ts';
import { startTarget } from './support/target.ts';

const PERSON = 'ada@example.com';
const CHAT = 'chat@system.gserviceaccount.com';
const ADD_ON = 'service-107128418443@gcp-sa-gsuiteaddons.iam.gserviceaccount.com';

describe('POST /page/mint', () => {
  test.each<[sender: string, input: object, claims: object]>([
    ['pubSub', { email: SENDER }, { aud: AUDIENCE, email: SENDER, email_verified: true }],
    ['pubSub', { email: SENDER, audience: '' }, { aud: 'http://127.0.0.1:3000/push?a=1', email: SENDER }],
    ['pubSub', { email: ` ${SENDER} `, audience: `${AUDIENCE}\n` }, { aud: AUDIENCE, email: SENDER }],
    ['cloudTasks', { email: SENDER }, { aud: AUDIENCE, email: SENDER }],
    ['cloudScheduler', { email: SENDER }, { aud: AUDIENCE, email: SENDER }],
    ['workflows', { email: SENDER }, { aud: AUDIENCE, email: SENDER }],
    ['eventarc', { email: SENDER }, { aud: AUDIENCE, email: SENDER }],
    ['chat', { email: ADD_ON }, { aud: AUDIENCE, email: ADD_ON }],
    ['chat', { email: CHAT, standalone: true }, { aud: AUDIENCE, email: CHAT }],
    ['workspaceAddOn', { email: ADD_ON }, { aud: AUDIENCE, email: ADD_ON }],
    ['dialogflow', { email: ADD_ON }, { aud: AUDIENCE, email: ADD_ON }],
    ['uptimeCheck', { email: ADD_ON }, { aud: AUDIENCE, email: ADD_ON }],
    ['analytics', { email: ADD_ON }, { aud: AUDIENCE, email: ADD_ON }],
    ['firebaseTasks', { email: SENDER }, { aud: 'http://127.0.0.1:3000/push?a=1', email: SENDER }],
    ['apiGateway', { email: SENDER, audience: '' }, { aud: 'http://127.0.0.1:3000', email: undefined }],
    ['apiGateway', { email: SENDER, includeEmail: true }, { aud: AUDIENCE, email: SENDER }],
    ['apigee', { email: SENDER, includeEmail: true }, { aud: AUDIENCE, email: SENDER }],
    ['apigee', { email: SENDER }, { aud: AUDIENCE, email: undefined }],
    ['vertexExtension', { email: SENDER, audience: '' }, { aud: 'http://127.0.0.1:3000', email: SENDER }],
    ['vertexExtension', { email: SENDER }, { aud: AUDIENCE, email: SENDER }],
    ['githubActions', { email: SENDER }, { aud: AUDIENCE, email: undefined }],
    ['githubActions', { email: SENDER, includeEmail: true }, { aud: AUDIENCE, email: SENDER }],
    ['agent', { email: SENDER, audience: '' }, { aud: 'http://127.0.0.1:3000', email: SENDER }],
    [
      'appsScript',
      { email: PERSON, audience: 'my-client', hostedDomain: 'example.com' },
      { aud: 'my-client', hd: 'example.com' },
    ],
    ['metadataServer', { email: SENDER }, { aud: AUDIENCE, email: undefined, google: undefined }],
    ['metadataServer', { email: SENDER, format: 'full' }, { email: SENDER, google: { compute_engine: {} } }],
    [
      'metadataServer',
      { email: SENDER, format: 'full', licenses: true },
      { google: { compute_engine: { license_id: [expect.any(String)] } } },
    ],
    ['impersonation', { email: SENDER }, { aud: AUDIENCE, email: undefined, google: undefined }],
    ['impersonation', { email: SENDER, includeEmail: true }, { email: SENDER, google: undefined }],
    [
      'impersonation',
      { email: SENDER, organizationNumberIncluded: true },
      { google: { organization_number: 123_456_789_012 } },
    ],
    ['serviceAccountKey', { email: SENDER }, { aud: AUDIENCE, azp: SENDER, email: SENDER }],
    ['gcloudImpersonation', { email: SENDER }, { aud: AUDIENCE, email: undefined }],
    ['gcloudImpersonation', { email: SENDER, includeEmail: true }, { email: SENDER }],
    ['gcloudUser', { email: PERSON }, { aud: '32555940559.apps.googleusercontent.com', email: PERSON, hd: undefined }],
    ['gcloudUser', { email: PERSON, hostedDomain: 'example.com' }, { hd: 'example.com' }],
    [
      'signInWithGoogle',
      { email: PERSON, audience: 'my-client' },
      { aud: 'my-client', hd: undefined, nonce: undefined },
    ],
    ['signInWithGoogle', { email: PERSON, hostedDomain: 'example.com', nonce: 'n' }, { hd: 'example.com', nonce: 'n' }],
  ])('makes a request of %s, with %j', async (sender, input, claims) => {
    const minted = await mint({ sender, ...input });

    const named = Object.keys(claims).map((name) => [name, minted.claims[name]]);
    expect(Object.fromEntries(named)).toMatchObject(claims);
    expect(minted.claims).toEqual(decodeJwt(minted.token));
    expect(minted.header).toEqual(decodeProtectedHeader(minted.token));
    const { headers, body = '' } = minted.request;
    expect(sender === 'signInWithGoogle' ? body : headers['authorization']).toContain(minted.token);
  });

  test('has another body and other headers where Pub/Sub does not wrap messages', async () => {
    const bodies = [];
    for (const payload of ['wrapped', 'unwrapped', 'unwrapped_with_metadata']) {
      const { request } = await mint({ sender: 'pubSub', email: SENDER, payload });
      bodies.push([request.body?.slice(0, 10), 'x-goog-pubsub-message-id' in request.headers]);
    }

    expect(bodies).toEqual([
      ['{"message"', false],
      ['Hello', false],
      ['Hello', true],
    ]);
  });

  test.each([
    { sender: 'pubSub', email: SENDER },
    { sender: 'pubSub', email: SENDER, payload: 'unwrapped' },
    { sender: 'cloudTasks', email: SENDER },
    { sender: 'eventarc', email: SENDER },
    { sender: 'metadataServer', email: SENDER },
    { sender: 'signInWithGoogle', email: PERSON },
  ])('gives a curl that sends exactly this request: %j', async (input) => {
    const target = await startTarget();
    const url = `${target.url}/it's/[1-2]/{a,b}?a=$(echo%20no)&b=\`c\``;
    const { request, curl } = await mint({ ...input, url });

    const { stdout } = await promisify(execFile)('sh', ['-euc', curl]);

    expect(target.requests.map((each) => `${target.url}${each.url}`)).toEqual([url]);
    const [{ method, headers } = expect.fail('No request arrived.')] = target.requests;
    expect(method).toBe(request.method);
    const ownHeaders = ['accept', 'content-length', 'host', ...(request.headers['user-agent'] ? [] : ['user-agent'])];
    expect(Object.fromEntries(Object.entries(headers).filter(([name]) => !ownHeaders.includes(name)))).toEqual(
      request.headers,
    );
    expect(stdout.split('\r\n\r\n').at(-1)).toBe(request.body ?? '');
  });

  test.each([
    ['expired', 'token_expired'],
    ['claim_changed', 'signature_invalid'],
    ['key_unpublished', 'key_unknown'],
    ['cut', 'token_malformed'],
  ])('makes tokens that are refused: %s', async (tampering, code) => {
    const minted = await mint({ sender: 'pubSub', email: SENDER, tampering });

    await expect(verify(minted.token)).rejects.toMatchObject({ code });
    expect(minted.request.headers['authorization']).toBe(`Bearer ${minted.token}`);
    expect(minted.curl).toContain(`Bearer ${minted.token}'`);
    expect(minted.claims).toMatchObject({ aud: AUDIENCE, email: SENDER });
    const answer = await explain({ token: minted.token, audience: AUDIENCE, callers: SENDER });
    expect(answer.refusal).toMatchObject({ status: 401, code });
    expect(answer.checks.filter(({ result }) => result === 'failed')).toMatchObject([
      { code, hint: expect.any(String) },
    ]);
  });

  test('tampers with what is in a form as well', async () => {
    const { token, request } = await mint({ sender: 'signInWithGoogle', email: PERSON, tampering: 'cut' });

    expect(token.split('.')).toHaveLength(2);
    expect(new URLSearchParams(request.body).get('credential')).toBe(token);
  });

  test.each<[input: object, field: string, error: RegExp]>([
    [{ sender: undefined }, 'sender', /needed/],
    [{ sender: 'toString' }, 'sender', /one of pubSub/],
    [{ sender: 7 }, 'sender', /text/],
    [{ url: '' }, 'url', /http/],
    [{ url: 'api.example.com' }, 'url', /http/],
    [{ url: 'javascript:alert(1)' }, 'url', /http/],
    [{ url: 'http://' }, 'url', /http/],
    [{ sender: 'metadataServer', audience: '' }, 'audience', /needed/],
    [{ sender: 'signInWithGoogle', email: PERSON, audience: ' ' }, 'audience', /needed/],
    [{ email: '' }, 'email', /service account/],
    [{ email: PERSON }, 'email', /service account/],
    [{ sender: 'gcloudUser', email: SENDER }, 'email', /person/],
    [{ sender: 'gcloudUser', email: 'ada' }, 'email', /person/],
    [{ format: 'half' }, 'format', /one of standard, full/],
    [{ licenses: 'true' }, 'licenses', /true or false/],
    [{ tampering: 'all' }, 'tampering', /one of expired/],
    [{ payload: '__proto__' }, 'payload', /one of wrapped/],
  ])('says which field is wrong: %j', async (input, field, error) => {
    const answer = await post('/page/mint', { ...GOOD_INPUT, ...input });

    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ field, error: expect.stringMatching(error) });
  });
});
