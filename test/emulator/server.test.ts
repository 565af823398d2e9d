/*
 * The fake Google over HTTP, as programs in other processes use it. What its endpoints say in every case stands in the
 * files beside this one.
 */
import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { createGoogleIdTokenVerifier, createGoogleKeySet, serviceAccount } from '@id-token-guard/core';
import { listen, type ServiceAccountKey } from '@id-token-guard/emulator';
import { createFakeGoogle } from '@id-token-guard/testing';
import { SignJWT } from 'jose';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { refusalOf } from '../core/refusal-of.ts';

const AUDIENCE = 'https://api.example.com';
const SENDER = 'sender@my-project.iam.gserviceaccount.com';
const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const NOW = Math.floor(Date.now() / 1000);

const google = await createFakeGoogle();

const server = await listen(google, { port: 0 });
beforeEach(() => google.answerWith('ok'));
afterAll(() => server.close());

describe('the keys over HTTP', () => {
  test('are those of this Google', async () => {
    const response = await fetch(server.jwksUrl);

    expect(server.jwksUrl).toBe(`${server.url}/oauth2/v3/certs`);
    expect(response.status).toBe(200);
    expect(await response.json()).toStrictEqual(google.jwks);
  });

  test('verify its tokens in a guard that is given the URL', async () => {
    const before = google.jwksRequests;
    const keys = createGoogleKeySet({ url: server.jwksUrl });
    const verifier = createGoogleIdTokenVerifier({ audience: AUDIENCE, callers: serviceAccount(SENDER), keys });

    const { claims } = await verifier.verify(
      await google.idToken({ aud: AUDIENCE, email: SENDER, email_verified: true }),
    );

    expect(claims.email).toBe(SENDER);
    expect(google.jwksRequests).toBe(before + 1);
  });

  test.each([
    ['outage', 'status 503'],
    ['html', 'is not a JSON object'],
    ['empty', 'no usable key'],
    ['hang', 'did not answer in time'],
  ] as const)('%s, where answerWith says so', async (answer, reason) => {
    google.answerWith(answer);
    const keys = createGoogleKeySet({ url: server.jwksUrl, timeoutSeconds: answer === 'hang' ? 0.1 : 5 });

    const refusal = await refusalOf(() => keys.preload());

    expect(refusal).toMatchObject({ code: 'keys_unavailable', hint: expect.stringContaining(reason) });
  });
});

describe('the token endpoint', () => {
  test('exchanges an assertion that a service account signed for an ID token that a guard accepts', async () => {
    const key = await server.serviceAccountKey(SENDER);
    expect(key).toMatchObject({ type: 'service_account', client_email: SENDER, token_uri: `${server.url}/token` });

    const response = await exchange(await assertionOf(key));

    expect(response.status).toBe(200);
    const { id_token: token } = await response.json();
    const keys = createGoogleKeySet({ url: server.jwksUrl });
    const verifier = createGoogleIdTokenVerifier({ audience: AUDIENCE, callers: serviceAccount(SENDER), keys });
    expect((await verifier.verify(token)).caller).toStrictEqual({
      kind: 'service_account',
      uniqueId: key.client_id,
      email: SENDER,
      projectId: 'my-project',
    });
  });

  test('gives the same account the same key and unique id every time', async () => {
    expect(await server.serviceAccountKey(SENDER)).toStrictEqual(await server.serviceAccountKey(SENDER));
  });

  describe('refuses as Google does:', () => {
    test.each<[string, string, string, () => Promise<URLSearchParams>]>([
      [
        'another grant type',
        'unsupported_grant_type',
        'Invalid grant_type: client_credentials',
        async () => new URLSearchParams({ grant_type: 'client_credentials' }),
      ],
      ['no grant type', 'unsupported_grant_type', 'Invalid grant_type: ', async () => new URLSearchParams()],
      [
        'an account that it has given no key',
        'invalid_grant',
        'Invalid grant: account not found',
        async () => form(await assertionOf(await sendersKey(), { iss: 'nobody@my-project.iam.gserviceaccount.com' })),
      ],
      [
        'an assertion that is none',
        'invalid_grant',
        'Invalid grant: account not found',
        async () => form('not an assertion'),
      ],
      [
        'an assertion that the key of another account signed',
        'invalid_grant',
        'Invalid JWT Signature.',
        async () => {
          await sendersKey();
          const otherKey = await server.serviceAccountKey('other@my-project.iam.gserviceaccount.com');
          return form(await assertionOf(otherKey, { iss: SENDER }));
        },
      ],
      [
        'an assertion that has expired',
        'invalid_grant',
        'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
        async () => form(await assertionOf(await sendersKey(), { iat: NOW - 7200, exp: NOW - 3600 })),
      ],
      [
        'an assertion for another endpoint',
        'invalid_grant',
        'Invalid JWT: Failed audience check.',
        async () => form(await assertionOf(await sendersKey(), { aud: 'https://other.example.com/token' })),
      ],
      [
        'an assertion without target_audience',
        'invalid_scope',
        'Invalid OAuth scope or ID token audience provided.',
        async () => form(await assertionOf(await sendersKey(), { target_audience: undefined })),
      ],
    ])('%s', async (_, error, description, body) => {
      const response = await fetch(`${server.url}/token`, { method: 'POST', body: await body() });

      expect(response.status).toBe(400);
      expect(response.headers.get('content-type')).toContain('application/json');
      expect(await response.json()).toStrictEqual({ error, error_description: description });
    });
  });
});

describe('it listens', () => {
  test('on loopback only', async () => {
    const port = Number(new URL(server.url).port);
    const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
    const others = own.map(({ address }) => address).filter((address) => address !== '127.0.0.1');
    // On Linux all of 127.0.0.0/8 is this machine: a server on all interfaces would answer there.
    const loopback = process.platform === 'linux' ? ['127.0.0.2'] : [];

    expect(new URL(server.url).hostname).toBe('127.0.0.1');
    expect(await accepts('127.0.0.1', port)).toBe(true);
    for (const address of [...others, ...loopback]) {
      expect(await accepts(address, port)).toBe(false);
    }
  });

  test('on the port that you name', async () => {
    const port = await freePort();

    const another = await listen(google, { port });

    expect(another.url).toBe(`http://127.0.0.1:${port}`);
    await another.close();
  });

  test('not on a port that is taken', async () => {
    const port = Number(new URL(server.url).port);

    await expect(listen(google, { port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test('until it is closed, even if clients keep their connections or wait for an answer', async () => {
    const another = await listen(google, { port: 0 });
    await fetch(another.jwksUrl);
    google.answerWith('hang');
    const before = google.jwksRequests;
    const waiting = fetch(another.jwksUrl);
    await vi.waitFor(() => expect(google.jwksRequests).toBe(before + 1), { timeout: 20_000 });

    await Promise.all([another.close(), expect(waiting).rejects.toThrow()]);

    expect(await accepts('127.0.0.1', Number(new URL(another.url).port))).toBe(false);
  });
});

describe('it does not start in production, where real requests arrive:', () => {
  afterEach(() => void vi.unstubAllEnvs());

  test.each([
    ['K_SERVICE', 'api'],
    ['K_SERVICE', ''],
    ['NODE_ENV', 'production'],
  ])('%s=%s', async (name, value) => {
    vi.stubEnv(name, value);

    await expect(listen(google, { port: 0 })).rejects.toThrow('does not start in production');
  });

  test('NODE_ENV=development is no production', async () => {
    vi.stubEnv('NODE_ENV', 'development');

    const another = await listen(google, { port: 0 });

    await another.close();
  });
});

function sendersKey(): Promise<ServiceAccountKey> {
  return server.serviceAccountKey(SENDER);
}

/** What Google's client libraries sign with a key file to ask for an ID token. */
function assertionOf(key: ServiceAccountKey, claims: Record<string, unknown> = {}): Promise<string> {
  return new SignJWT({
    iss: key.client_email,
    aud: key.token_uri,
    target_audience: AUDIENCE,
    iat: NOW,
    exp: NOW + 3600,
    ...claims,
  })
    .setProtectedHeader({ alg: 'RS256', kid: key.private_key_id, typ: 'JWT' })
    .sign(createPrivateKey(key.private_key));
}

function form(assertion: string): URLSearchParams {
  return new URLSearchParams({ grant_type: GRANT_TYPE, assertion });
}

function exchange(assertion: string): Promise<Response> {
  return fetch(`${server.url}/token`, { method: 'POST', body: form(assertion) });
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await once(probe.close(), 'close');
  return port;
}

async function accepts(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
