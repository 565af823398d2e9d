/*
 * The page for people, from the side of the server: who gets it, what it is made of, and its two endpoints.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createFakeGoogle } from '@id-token-guard/testing';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { describe, expect, onTestFinished, test } from 'vitest';
import { installPackages } from '../runtimes/installed-packages.ts';
import { AUDIENCE, google, post, SENDER, server, verify } from './support/google.ts';
import { raw } from './support/raw-http.ts';
import { startTarget } from './support/target.ts';

const BROWSER_ACCEPT = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8';
const PERSON = 'ada@example.com';

describe('GET /', () => {
  test.each([
    ['Chromium and Safari', BROWSER_ACCEPT],
    ['Firefox', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'],
    ['a text browser', 'text/html, text/plain;q=0.5'],
    ['whoever writes in capitals', 'TEXT/HTML;Q=0.9, */*;Q=0.1'],
  ])('is the page for %s', async (_, accept) => {
    const answer = await raw({ path: '/', headers: { accept } });

    expect(answer).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'metadata-flavor': 'Google',
        vary: 'Accept, Metadata-Flavor',
      },
      body: expect.stringMatching(/^<!doctype html>/),
    });
  });

  test.each<[string, Record<string, string>]>([
    ['a client library, which sends Metadata-Flavor', { 'metadata-flavor': 'Google' }],
    [
      'the library for Java, which asks for text/html as Java does',
      { 'metadata-flavor': 'Google', accept: 'text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2' },
    ],
    ['a browser with Metadata-Flavor', { 'metadata-flavor': '', accept: BROWSER_ACCEPT }],
    ['curl and fetch', { accept: '*/*' }],
    ['a request that does not say what it takes', {}],
    ['a client of APIs', { accept: 'application/json, text/plain, */*' }],
    ['who would rather have text', { accept: 'text/html;q=0.5, text/plain' }],
    ['who wants no HTML', { accept: 'text/html;q=0' }],
    ['who takes any text', { accept: 'text/*' }],
  ])('is that of the metadata server for %s', async (_, headers) => {
    const answer = await raw({ path: '/', headers });

    expect(answer).toMatchObject({
      status: 200,
      headers: { 'metadata-flavor': 'Google' },
      body: 'computeMetadata/\n',
    });
  });
});

describe('what the page is made of', () => {
  test('comes with a policy under which nothing else runs and nothing else is asked', async () => {
    const html = await pageOf(server.url);
    const paths = linksOf(html);

    expect(paths).toHaveLength(4);
    for (const path of ['/', ...paths.filter((each) => each.startsWith('/page/'))]) {
      const { status, headers } = await raw({ path, headers: { accept: BROWSER_ACCEPT } });
      expect({ path, status, headers }).toMatchObject({
        path,
        status: 200,
        headers: {
          'content-security-policy':
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
          'x-content-type-options': 'nosniff',
          'referrer-policy': 'no-referrer',
          'cross-origin-resource-policy': 'same-origin',
          'cache-control': 'no-store',
        },
      });
    }
  });

  test('has nothing inline, and links nothing but this server', async () => {
    const html = await pageOf(server.url);

    expect(html).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]* src=)/i);
    expect(linksOf(html).filter((link) => !/^\/[^/]/.test(link))).toEqual([]);
    expect((await raw({ path: '/page/style.css' })).body).not.toMatch(/url\(|@import/);
  });

  test('has modules that are JavaScript, each under its own name', async () => {
    expect(await modulesOf(server.url, 'ts')).toContain('/page/browser/choices.ts');
  });

  test.each([
    'page.ts',
    '..%2Fpage.ts',
    '..%5Cpage.ts',
    'main',
    'main.js',
    'main.d.ts',
    'main.ts.map',
    'Main.ts',
    '%00.ts',
  ])('has no module %s', async (file) => {
    expect(await raw({ path: `/page/browser/${file}` })).toMatchObject({ status: 404, body: 'Not Found' });
  });

  test('is all there where the package is installed, on the oldest Node.js that it supports', async () => {
    const installed = await installPackages();
    onTestFinished(() => installed.remove());
    const node = fileURLToPath(new URL('../runtimes/node_modules/node-20/bin/node', import.meta.url));
    const script = `
      import { createFakeGoogle } from '@id-token-guard/testing';
      const google = await createFakeGoogle();
      console.log((await google.listen({ port: 0 })).url);`;
    const child = spawn(node, ['--input-type=module', '--eval', script], {
      cwd: installed.directory,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill());
    const [line] = await once(child.stdout, 'data');

    expect(await modulesOf(String(line).trim(), 'js')).toContain('/page/browser/choices.js');
  }, 120_000);
});

describe('POST /page/mint', () => {
  test.each<[sender: string, input: object, claims: object]>([
    ['pubSub', { email: SENDER }, { aud: AUDIENCE, email: SENDER, email_verified: true }],
    ['pubSub', { email: SENDER, audience: '' }, { aud: 'http://127.0.0.1:3000/push?a=1', email: SENDER }],
    ['pubSub', { email: ` ${SENDER} `, audience: `${AUDIENCE}\n` }, { aud: AUDIENCE, email: SENDER }],
    ['cloudTasks', { email: SENDER }, { aud: AUDIENCE, email: SENDER }],
    ['cloudScheduler', { email: SENDER }, { aud: AUDIENCE, email: SENDER }],
    ['workflows', { email: SENDER }, { aud: AUDIENCE, email: SENDER }],
    ['eventarc', { email: SENDER }, { aud: AUDIENCE, email: SENDER }],
    ['chat', { email: 'chat@system.gserviceaccount.com' }, { aud: AUDIENCE, email: 'chat@system.gserviceaccount.com' }],
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

  test.each(['[]', 'null', '{', '"text"'])('takes no other body than a JSON object: %s', async (body) => {
    for (const path of ['/page/mint', '/page/explain']) {
      const answer = await post(path, body);

      expect([answer.status, await answer.json()]).toEqual([
        400,
        { field: '', error: 'The body must be a JSON object.' },
      ]);
    }
  });
});

describe('POST /page/explain', () => {
  test.each<[string, object]>([
    ['one audience and one caller', { audience: AUDIENCE, callers: SENDER }],
    ['several audiences', { audience: `https://other.example.com ${AUDIENCE}`, callers: SENDER }],
    ['URLs below the audience', { audience: 'https://api.example.com/', below: true, callers: SENDER }],
    ['several callers', { audience: AUDIENCE, callers: `${PERSON}, example.com,\n${SENDER}` }],
    ['any caller', { audience: AUDIENCE, callers: 'any' }],
  ])('accepts what a service accepts: %s', async (_, input) => {
    const { token } = await mint({ sender: 'pubSub', email: SENDER });

    const answer = await explain({ token, ...input });

    expect(answer).toEqual({ accepted: true, checks: STEPS.map((step) => ({ step, result: 'passed' })) });
  });

  test('knows callers by unique id, and persons by e-mail and domain', async () => {
    const machine = await mint({ sender: 'metadataServer', email: SENDER });
    const person = await mint({ sender: 'signInWithGoogle', email: PERSON, hostedDomain: 'example.com' });

    const subject = String(machine.claims['sub']);
    await expect(explain({ token: machine.token, audience: AUDIENCE, callers: subject })).resolves.toMatchObject({
      accepted: true,
    });
    for (const callers of [PERSON, 'example.com']) {
      await expect(explain({ token: person.token, audience: AUDIENCE, callers })).resolves.toMatchObject({
        accepted: true,
      });
    }
  });

  test.each<[input: object, step: string, status: number, code: string, hint: RegExp]>([
    [{ audience: `${AUDIENCE}/` }, 'audience', 401, 'audience_mismatch', /they differ only by a trailing slash/],
    [{ audience: `${AUDIENCE}/push`, below: true }, 'audience', 401, 'audience_mismatch', /did not accept it/],
    [{ callers: 'other@my-project.iam.gserviceaccount.com' }, 'caller', 403, 'caller_not_allowed', /not an allowed/],
    [{ callers: PERSON }, 'caller', 403, 'caller_not_allowed', /not an allowed user/],
  ])('tells why a service refuses, and the fix: %j', async (input, step, status, code, hint) => {
    const { token } = await mint({ sender: 'pubSub', email: SENDER });

    const answer = await explain({ token, audience: AUDIENCE, callers: SENDER, ...input });

    expect(answer).toMatchObject({ accepted: false, refusal: { status, code } });
    expect(answer.checks.filter(({ result }) => result !== 'passed')).toEqual([
      { step, result: 'failed', code, hint: expect.stringMatching(hint) },
    ]);
  });

  test('makes no check of what nobody has said', async () => {
    const { token } = await mint({ sender: 'pubSub', email: SENDER });

    const answer = await explain({ token, audience: ' ', callers: '' });

    expect(answer).toMatchObject({ accepted: false });
    expect(answer.refusal).toBeUndefined();
    expect(answer.checks.filter(({ result }) => result === 'not_checked').map(({ step }) => step)).toEqual([
      'audience',
      'caller',
    ]);
  });

  test.each<[input: object, field: string, error: RegExp]>([
    [{ audience: '*' }, 'audience', /no wildcards/],
    [{ audience: 'api.example.com', below: true }, 'audience', /urlsUnder\(\) takes/],
    [{ audience: '32555940559.apps.googleusercontent.com', callers: 'any' }, 'audience', /all gcloud users share/],
    [{ callers: 'Ada' }, 'callers', /domain/],
    [{ callers: 'serviceAccount:a@b.iam.gserviceaccount.com' }, 'callers', /service account/],
    [{ below: 'yes' }, 'below', /true or false/],
    [{ token: 7 }, 'token', /text/],
  ])('says which option of the service is wrong: %j', async (input, field, error) => {
    const { token } = await mint({ sender: 'pubSub', email: SENDER });

    const answer = await post('/page/explain', { token, audience: AUDIENCE, callers: SENDER, ...input });

    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ field, error: expect.stringMatching(error) });
  });

  test('has the keys that are published now, and the clock of this machine', async () => {
    const own = await createFakeGoogle();
    const ownServer = await own.listen({ port: 0 });
    onTestFinished(() => ownServer.close());
    const input = { audience: AUDIENCE, callers: SENDER };

    const { token } = await mint({ sender: 'pubSub', email: SENDER }, ownServer.url);
    await own.rotateKeys();
    await expect(explain({ ...input, token }, ownServer.url)).resolves.toMatchObject({ accepted: true });
    await own.rotateKeys({ withdrawOld: true });
    await expect(explain({ ...input, token }, ownServer.url)).resolves.toMatchObject({
      refusal: { code: 'key_unknown' },
    });
    own.shiftTime(-7200);
    const late = await mint({ sender: 'pubSub', email: SENDER }, ownServer.url);
    await expect(explain({ ...input, token: late.token }, ownServer.url)).resolves.toMatchObject({
      refusal: { status: 401, code: 'token_expired' },
    });
  });

  test('asks for no keys: an outage that somebody plays, and the requests that a test counts, are those of a service', async () => {
    const { token } = await mint({ sender: 'pubSub', email: SENDER });
    const before = google.jwksRequests;
    google.answerWith('outage');
    onTestFinished(() => google.answerWith('ok'));

    const answer = await explain({ token, audience: AUDIENCE, callers: SENDER });

    expect([answer.accepted, google.jwksRequests]).toEqual([true, before]);
  });
});

describe('the endpoints of the page', () => {
  const requests = [
    ['GET', '/', ''],
    ['GET', '/page/style.css', ''],
    ['POST', '/page/mint', JSON.stringify({ sender: 'pubSub', email: SENDER, url: AUDIENCE })],
    ['POST', '/page/explain', JSON.stringify({ token: 'a.b.c' })],
  ] as const;

  test.each<Record<string, string>>([
    { origin: 'https://evil.example.com' },
    { origin: 'null' },
    { origin: 'https://evil.example.com', 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'cross-site' },
    { host: 'evil.example.com' },
  ])('are not for pages of other sites: %j', async (headers) => {
    for (const [method, path, body] of requests) {
      const answer = await raw({ method, path, headers: { accept: BROWSER_ACCEPT, ...headers } }, body);

      expect([path, answer.status, answer.body]).toEqual([path, 403, expect.stringMatching(/^The fake Google /)]);
    }
  });

  test('are for the page, by every name of this machine, and say nothing that lets others read', async () => {
    for (const host of [new URL(server.url).host, `localhost:${new URL(server.url).port}`]) {
      for (const [method, path, body] of requests) {
        const headers = { host, accept: BROWSER_ACCEPT, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' };
        const answer = await raw({ method, path, headers }, body);

        expect([path, answer.status]).toEqual([path, 200]);
        expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
      }
    }
  });
});

const STEPS = ['form', 'key', 'signature', 'claims', 'issuer', 'audience', 'time', 'caller'];

const GOOD_INPUT = { sender: 'pubSub', url: 'http://127.0.0.1:3000/push?a=1', audience: AUDIENCE, email: SENDER };

interface Minted {
  readonly token: string;
  readonly header: Record<string, unknown>;
  readonly claims: Record<string, unknown>;
  readonly request: { method: string; url: string; headers: Record<string, string>; body?: string };
  readonly curl: string;
}

interface Explained {
  readonly accepted: boolean;
  readonly checks: readonly { step: string; result: string; code?: string; hint?: string }[];
  readonly refusal?: { status: number; code: string; message: string };
}

function mint(input: object, url?: string): Promise<Minted> {
  return postJson('/page/mint', { ...GOOD_INPUT, ...input }, url);
}

function explain(input: object, url?: string): Promise<Explained> {
  return postJson('/page/explain', input, url);
}

async function postJson<Answer>(path: string, input: object, url: string = server.url): Promise<Answer> {
  const answer = await fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(input) });
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
  return (await answer.json()) as Answer;
}

async function pageOf(url: string): Promise<string> {
  return (await fetch(url, { headers: { accept: BROWSER_ACCEPT } })).text();
}

function linksOf(html: string): string[] {
  return Array.from(html.matchAll(/ (?:src|href)="([^"]*)"/g), ([, link = '']) => link);
}

/** The paths of all modules that the page loads, each of which is JavaScript. */
async function modulesOf(url: string, extension: 'js' | 'ts'): Promise<string[]> {
  const paths = new Set(linksOf(await pageOf(url)).filter((link) => link.endsWith(`.${extension}`)));
  expect(paths.size).toBe(1);
  for (const path of paths) {
    const answer = await fetch(`${url}${path}`);
    const text = await answer.text();
    expect([path, answer.status, answer.headers.get('content-type')]).toEqual([
      path,
      200,
      'text/javascript; charset=utf-8',
    ]);
    expect([path, text]).toEqual([
      path,
      expect.not.stringMatching(/^import type|^export (type|interface)|: string[,;) ]/m),
    ]);
    for (const [, specifier = ''] of text.matchAll(/\bfrom '([^']+)'/g)) {
      paths.add(new URL(specifier, `${url}${path}`).pathname);
    }
  }
  return [...paths];
}
