import {
  anyCaller,
  createGoogleIdTokenVerifier,
  createGoogleKeySet,
  type GoogleIdTokenVerifier,
} from '@id-token-guard/core';
import { decodeProtectedHeader } from 'jose';
import { afterEach, describe, expect, test } from 'vitest';
import { AUDIENCE, google, post, SENDER, server, verify } from './support/google.ts';

afterEach(() => {
  google.answerWith('ok');
  google.shiftTime(0);
});

async function admin(path: string, settings: unknown): Promise<[number, unknown]> {
  const answer = await post(`/admin/${path}`, settings);
  expect(answer.headers.get('content-type')).toBe('application/json');
  return [answer.status, await answer.json()];
}

/** A service that has no keys yet. */
function newVerifier(timeoutSeconds = 5): GoogleIdTokenVerifier {
  const keys = createGoogleKeySet({ url: server.jwksUrl, timeoutSeconds });
  return createGoogleIdTokenVerifier({ audience: AUDIENCE, callers: anyCaller, keys });
}

describe('POST /admin/keys/rotate', () => {
  test('signs with the next key, and keeps the old one published', async () => {
    const old = await google.idToken({ aud: AUDIENCE });

    const [status, body] = await admin('keys/rotate', '');

    const kids = google.jwks.keys.map(({ kid }) => kid);
    expect([status, body]).toStrictEqual([200, { signing: kids[0], published: kids }]);
    expect(decodeProtectedHeader(await google.idToken({ aud: AUDIENCE })).kid).toBe(kids[0]);
    await expect(verify(old)).resolves.toBeDefined();
  });

  test('with withdrawOld, makes all tokens worthless that the old key signed', async () => {
    const old = await google.idToken({ aud: AUDIENCE });

    const [status] = await admin('keys/rotate', { withdrawOld: true });

    expect(status).toBe(200);
    await expect(verify(old)).rejects.toMatchObject({ code: 'key_unknown', status: 401 });
    await expect(verify(await google.idToken({ aud: AUDIENCE }))).resolves.toBeDefined();
  });

  test.each([
    [{ withdrawOld: 'yes' }, '"withdrawOld" must be true or false.'],
    [{ withdraw: true }, 'Unknown setting "withdraw": there are withdrawOld.'],
    ['hello', 'The body must be a JSON object.'],
    ['[]', 'The body must be a JSON object.'],
  ])('refuses %j, and rotates nothing', async (settings, error) => {
    const before = google.jwks.keys;

    expect(await admin('keys/rotate', settings)).toStrictEqual([400, { error }]);
    expect(google.jwks.keys).toEqual(before);
  });
});

describe('POST /admin/jwks', () => {
  test.each(['outage', 'html', 'empty'])(
    'with %s, a new service cannot get keys, until it is ok again',
    async (answer) => {
      const token = await google.idToken({ aud: AUDIENCE });

      expect(await admin('jwks', { answer })).toStrictEqual([200, { answer, delaySeconds: 0 }]);
      await expect(newVerifier().verify(token)).rejects.toMatchObject({ code: 'keys_unavailable', status: 503 });

      expect(await admin('jwks', { answer: 'ok' })).toStrictEqual([200, { answer: 'ok', delaySeconds: 0 }]);
      await expect(newVerifier().verify(token)).resolves.toBeDefined();
    },
  );

  test('with a delay, the answer is the same, later', async () => {
    expect(await admin('jwks', { delaySeconds: 0.05 })).toStrictEqual([200, { answer: 'ok', delaySeconds: 0.05 }]);

    await expect(newVerifier().verify(await google.idToken({ aud: AUDIENCE }))).resolves.toBeDefined();
    await admin('jwks', { answer: 'outage', delaySeconds: 0.05 });
    expect((await fetch(server.jwksUrl)).status).toBe(503);
  });

  test('with a delay that is too long, a service gives up, and gets keys once it is gone', async () => {
    const token = await google.idToken({ aud: AUDIENCE });
    await admin('jwks', { delaySeconds: 600 });

    await expect(newVerifier(0.1).verify(token)).rejects.toMatchObject({ code: 'keys_unavailable' });

    await admin('jwks', {});
    await expect(newVerifier().verify(token)).resolves.toBeDefined();
  });

  test.each([
    [{ answer: 'down' }, '"answer" must be one of ok, outage, hang, html, empty.'],
    [{ answer: 1 }, '"answer" must be one of ok, outage, hang, html, empty.'],
    [{ delaySeconds: '3' }, '"delaySeconds" must be a number from 0 to 600.'],
    [{ delaySeconds: -1 }, '"delaySeconds" must be a number from 0 to 600.'],
    [{ delaySeconds: 601 }, '"delaySeconds" must be a number from 0 to 600.'],
    [{ status: 500 }, 'Unknown setting "status": there are answer, delaySeconds.'],
    ['{', 'The body must be a JSON object.'],
  ])('refuses %j, and the keys are answered as before', async (settings, error) => {
    expect(await admin('jwks', settings)).toStrictEqual([400, { error }]);
    expect((await fetch(server.jwksUrl)).status).toBe(200);
  });
});

describe('POST /admin/time', () => {
  test.each([
    ['past', -7200, 'token_expired'],
    ['future', 7200, 'token_not_yet_valid'],
  ])('makes tokens from the %s', async (_, shiftSeconds, code) => {
    const [status, body] = await admin('time', { shiftSeconds });

    const answer = await fetch(
      `${server.url}/computeMetadata/v1/instance/service-accounts/default/identity?audience=${AUDIENCE}`,
      { headers: { 'Metadata-Flavor': 'Google' } },
    );
    await admin('time', { shiftSeconds: 0 });

    expect(status).toBe(200);
    expect(body).toStrictEqual({ shiftSeconds, now: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) });
    await expect(verify(await answer.text())).rejects.toMatchObject({ code, status: 401 });
  });

  test('shifts the Date of the answers too, by which a client can tell that clocks differ', async () => {
    await admin('time', { shiftSeconds: 86_400 });

    const { headers } = await fetch(server.jwksUrl);

    const ahead = Date.parse(headers.get('date') ?? '') - Date.now();
    expect(Math.round(ahead / 3_600_000)).toBe(24);
  });

  test('leaves key sets in the same process alone: their clock is that of the service', async () => {
    const keys = google.keySet();
    const verifier = createGoogleIdTokenVerifier({ audience: AUDIENCE, callers: anyCaller, keys });
    const token = await google.idToken({ aud: AUDIENCE });
    await verifier.verify(token);
    const requests = google.jwksRequests;

    await admin('time', { shiftSeconds: 86_400 });

    await expect(verifier.verify(token)).resolves.toBeDefined();
    expect(google.jwksRequests).toBe(requests);
  });

  test.each([
    [{}, '"shiftSeconds" must be a number from -315360000 to 315360000.'],
    [{ shiftSeconds: '60' }, '"shiftSeconds" must be a number from -315360000 to 315360000.'],
    ['{ "shiftSeconds": 1e99 }', '"shiftSeconds" must be a number from -315360000 to 315360000.'],
    [{ shiftSeconds: -1e9 }, '"shiftSeconds" must be a number from -315360000 to 315360000.'],
    [{ shift: 60 }, 'Unknown setting "shift": there are shiftSeconds.'],
  ])('refuses %j, and tokens are of now', async (settings, error) => {
    expect(await admin('time', settings)).toStrictEqual([400, { error }]);
    await expect(verify(await google.idToken({ aud: AUDIENCE }))).resolves.toBeDefined();
  });
});

describe('GET /admin/service-accounts/{email}/key', () => {
  test('hands out a key file, the same every time', async () => {
    const url = `${server.url}/admin/service-accounts/${encodeURIComponent(SENDER)}/key`;
    const [first, again] = [await fetch(url), await fetch(url)];

    const key = await first.json();
    expect(first.status).toBe(200);
    expect(key).toStrictEqual({
      type: 'service_account',
      project_id: 'my-project',
      private_key_id: expect.stringMatching(/^[0-9a-f]{40}$/),
      private_key: expect.stringMatching(/^-----BEGIN PRIVATE KEY-----\n/),
      client_email: SENDER,
      client_id: expect.stringMatching(/^\d{21}$/),
      token_uri: `${server.url}/token`,
    });
    expect(await again.json()).toStrictEqual(key);
    expect(await server.serviceAccountKey(SENDER)).toStrictEqual(key);
  });

  test.each(['ada@example.com', 'a@b_c.gserviceaccount.com', 'sender', '112010400000000710080', '%E0%A4%A'])(
    'hands out none for %s, which is not the e-mail of a service account',
    async (name) => {
      const answer = await fetch(`${server.url}/admin/service-accounts/${name}/key`);

      expect(answer.ok).toBe(false);
      expect(await answer.text()).not.toContain('PRIVATE KEY');
    },
  );
});
