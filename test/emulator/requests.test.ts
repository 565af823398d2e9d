import { listen, startLocalGoogle } from '@id-token-guard/emulator';
import { describe, expect, test } from 'vitest';
import { AUDIENCE, google, post, server } from './support/google.ts';
import { raw } from './support/raw-http.ts';

const GENERATE = '/v1/projects/-/serviceAccounts/sender@my-project.iam.gserviceaccount.com:generateIdToken';

describe('a request that no endpoint takes', () => {
  test.each([
    '/nowhere',
    '/oauth2/v3/certs/',
    '/oauth2/v1/certs',
    '//token',
    '/token/',
    '/Token',
    '/forward',
    '/admin',
    '/v1/projects/-/serviceAccounts/a:generateAccessToken',
    '/Xwell-known/openid-configuration',
  ])('is not found: GET and POST %s', async (path) => {
    for (const method of ['GET', 'POST']) {
      expect(await raw({ method, path })).toMatchObject({ status: 404, body: 'Not Found' });
    }
  });

  test.each([
    ['POST', '/oauth2/v3/certs', 'GET, HEAD'],
    ['HEAD', '/token', 'POST'],
    ['OPTIONS', '/token', 'POST'],
    ['TRACE', '/token', 'POST'],
    ['GET', '/token', 'POST'],
    ['POST', '/tokeninfo', 'GET, HEAD'],
    ['GET', GENERATE, 'POST'],
    ['PUT', '/computeMetadata/v1/instance/service-accounts/default/identity?audience=a', 'GET, HEAD'],
    ['DELETE', '/computeMetadata/v1/project/project-id', 'GET, HEAD'],
    ['GET', '/admin/keys/rotate', 'POST'],
    ['GET', '/admin/jwks', 'POST'],
    ['GET', '/admin/time', 'POST'],
    ['POST', '/admin/service-accounts/sender@my-project.iam.gserviceaccount.com/key', 'GET, HEAD'],
  ])('has the wrong method: %s %s', async (method, path, allow) => {
    const answer = await raw({ method, path });

    expect(answer).toMatchObject({ status: 405, headers: { allow } });
    expect(answer.body).toBe(method === 'HEAD' ? '' : 'Method Not Allowed');
  });

  test('asks for a whole URL, or for none, as a proxy would be: 400', async () => {
    for (const path of ['http://www.googleapis.com/oauth2/v3/certs', '*']) {
      expect(await raw({ method: 'OPTIONS', path })).toMatchObject({ status: 400 });
    }
  });

  test('has a path that is not percent-encoded UTF-8: 400', async () => {
    const path = '/computeMetadata/v1/instance/service-accounts/%FF/email';

    expect(await raw({ path, headers: { 'Metadata-Flavor': 'Google' } })).toMatchObject({ status: 400 });
  });
});

test('HEAD tells what GET would send, as programs ask that wait for a server to be up', async () => {
  const get = await raw({ path: '/oauth2/v3/certs' });
  const head = await raw({ method: 'HEAD', path: '/oauth2/v3/certs' });

  expect(head).toMatchObject({ status: 200, body: '' });
  expect(head.headers['content-length']).toBe(String(get.body.length));
});

describe('a body larger than 64 KiB', () => {
  test.each(['/token', GENERATE, '/admin/keys/rotate', '/admin/jwks', '/admin/time', '/nowhere'])(
    'is too large for %s, though it says what the endpoint wants: 413',
    async (path) => {
      const before = google.jwks.keys;

      const answer = await post(path, `{${' '.repeat(64 * 1024)}}`);

      expect(answer.status).toBe(413);
      expect(await answer.text()).toBe('Request Entity Too Large');
      expect(google.jwks.keys).toEqual(before);
    },
  );

  test('of any size is read to its end, so that the client sees the answer', async () => {
    expect((await post('/token', 'x'.repeat(20_000_000))).status).toBe(413);
  });

  test.each(['POST', 'PUT'])('is too large in chunks as well, whose sum nobody has told: %s', async (method) => {
    const headers = { 'transfer-encoding': 'chunked' };

    const answer = await raw({ method, path: '/admin/jwks', headers }, `{${' '.repeat(64 * 1024)}}`);

    expect(answer).toMatchObject({ status: 413, body: 'Request Entity Too Large' });
  });

  test('is read in chunks where it is small enough', async () => {
    const options = { method: 'POST', path: '/admin/jwks', headers: { 'transfer-encoding': 'chunked' } };

    const answer = await raw(options, '{"answer": "down"}');

    expect(answer).toMatchObject({ status: 400, body: expect.stringContaining('must be one of ok, outage') });
  });

  test('must be larger: 64 KiB are taken', async () => {
    expect((await post('/admin/jwks', `{${' '.repeat(64 * 1024 - 2)}}`)).status).toBe(200);
  });
});

test('a failing answer of your own fails the connection, and the server lives on', async () => {
  google.answerWith(() => {
    throw new Error('the test');
  });
  await expect(fetch(server.jwksUrl)).rejects.toThrow(TypeError);
  google.answerWith('ok');

  expect((await fetch(server.jwksUrl)).status).toBe(200);
});

test('a server refuses a defaultServiceAccount that is none', async () => {
  for (const defaultServiceAccount of ['ada@example.com', 'default', '']) {
    await expect(listen(google, { port: 0, defaultServiceAccount })).rejects.toThrow(
      new TypeError('"defaultServiceAccount" must be the e-mail of a service account.'),
    );
  }
});

test('the classes of the platform stay as they are, for the tests that run beside the server', async () => {
  const { Request, Response, fetch } = globalThis;
  const own = await startLocalGoogle({ port: 0 });

  const answer = await fetch(`${own.url}/token`, { method: 'POST', body: 'a=b' });
  await own.close();

  expect(answer.status).toBe(400);
  expect([globalThis.Request, globalThis.Response, globalThis.fetch]).toEqual([Request, Response, fetch]);
});

test('startLocalGoogle() makes a Google with its options, and serves it', async () => {
  const vmAccount = 'own@my-project.iam.gserviceaccount.com';
  const own = await startLocalGoogle({ port: 0, defaultServiceAccount: vmAccount, now: () => 1_800_000_000_000 });

  const keys = await (await fetch(own.jwksUrl)).json();
  const email = await fetch(`${own.url}/computeMetadata/v1/instance/service-accounts/default/email`, {
    headers: { 'Metadata-Flavor': 'Google' },
  });
  await own.close();

  expect(keys).toEqual(own.google.jwks);
  expect(await email.text()).toBe(vmAccount);
  expect(email.headers.get('date')).toBe('Fri, 15 Jan 2027 08:00:00 GMT');
  await expect(fetch(own.jwksUrl)).rejects.toThrow(TypeError);
});

test('two servers of one Google give tokens of the same keys', async () => {
  const second = await listen(google, { port: 0 });
  const keys = [await fetch(server.jwksUrl), await fetch(second.jwksUrl)].map((answer) => answer.json());
  const token = await google.idToken({ aud: AUDIENCE });

  expect(await keys[0]).toEqual(await keys[1]);
  expect((await fetch(`${second.url}/tokeninfo?id_token=${token}`)).status).toBe(200);
  await second.close();
});
