import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFakeGoogle } from '@id-token-guard/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { cli } from './support/cli.ts';
import { AT, AUDIENCE, file, goodToken, google, keyFile, SENDER } from './support/google.ts';

describe('the token', () => {
  const header = 'Authorization: Bearer';
  const ways: [name: string, args: (token: string) => string[], input?: (token: string) => string][] = [
    ['as argument', (token) => [token]],
    ['as argument, with Bearer before it', (token) => [`Bearer ${token}`]],
    ['in a header', (token) => ['--header', `${header} ${token}`]],
    ['in the other header', (token) => ['--header', `X-Serverless-Authorization: bearer  ${token}`]],
    ['on standard input', () => [], (token) => `${token}\n`],
    ['in a header on standard input', () => [], (token) => `${header} ${token}\r\n`],
  ];

  test.each(ways)('%s is found', async (_, args, input) => {
    const token = await goodToken();

    const { code, stdout, stderr } = await cli(
      ['explain', ...args(token), '--keys', keyFile, '--audience', AUDIENCE, '--caller', SENDER, '--at', AT],
      input && { input: input(token) },
    );

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Accepted: a guard with these options lets it pass.');
  });
});

describe('--keys', () => {
  const args = ['--audience', AUDIENCE, '--caller', SENDER, '--at', AT, '--json'];

  test('may be a URL, from which the keys are fetched once', async () => {
    const requests: string[] = [];
    const url = await serve((path) => {
      requests.push(path);
      return JSON.stringify(google.jwks);
    });

    const { code, stdout } = await cli(['explain', await goodToken(), '--keys', `${url}/certs`, ...args]);

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ accepted: true });
    expect(requests).toEqual(['/certs']);
  });

  test('is a URL that gives no keys: the check of the key fails, the others are made', async () => {
    const url = await serve(() => '<!doctype html>');

    const { code, stdout } = await cli(['explain', await goodToken(), '--keys', url, ...args]);

    expect(code).toBe(1);
    expect(JSON.parse(stdout).checks).toMatchObject([
      { step: 'form', result: 'passed' },
      { step: 'key', result: 'failed', code: 'keys_unavailable', hint: expect.stringContaining('not a JSON object') },
      { step: 'signature', result: 'not_checked' },
      ...['claims', 'issuer', 'audience', 'time', 'caller'].map((step) => ({ step, result: 'passed' })),
    ]);
  });

  test('left out: key and signature are not checked, so a forged token is not told from a good one', async () => {
    const stranger = await createFakeGoogle({ now: () => Date.parse(AT) });
    const forged = await stranger.idToken({ aud: AUDIENCE, email: SENDER, email_verified: true });

    const { code, stdout } = await cli(['explain', forged, ...args]);

    expect(code).toBe(0);
    const { accepted, checks } = JSON.parse(stdout);
    expect(accepted).toBe(false);
    expect(checks.slice(1, 3)).toEqual([
      { step: 'key', result: 'not_checked', hint: 'no keys.' },
      { step: 'signature', result: 'not_checked', hint: 'no keys.' },
    ]);
  });

  test('are those of somebody else: the key is unknown', async () => {
    const stranger = await createFakeGoogle();
    const keys = await file('strangers-keys.json', JSON.stringify(stranger.jwks));

    const { code, stdout } = await cli(['explain', await goodToken(), '--keys', keys, ...args]);

    expect(code).toBe(1);
    expect(JSON.parse(stdout).checks[1]).toMatchObject({ step: 'key', result: 'failed', code: 'key_unknown' });
  });
});

describe('--caller', () => {
  const words: [who: string, claims: Record<string, unknown>][] = [
    [SENDER, {}],
    ['112010400000000710080', { email: undefined }],
    ['ada@example.com', { email: 'ada@example.com' }],
    ['example.com', { email: 'ada@example.com', hd: 'example.com' }],
    ['any', { email: 'stranger@elsewhere.iam.gserviceaccount.com' }],
  ];

  test.each(words)('%s lets the caller in whom it means, and no other', async (who, claims) => {
    const args = ['--caller', who, '--at', AT, '--json'];
    const allowed = await cli(['explain', await goodToken(claims), ...args]);
    const other = { email: 'eve@example.org', sub: '1' };
    const refused = await cli(['explain', await goodToken(other), ...args]);

    expect(JSON.parse(allowed.stdout).checks.at(-1)).toEqual({ step: 'caller', result: 'passed' });
    const result = who === 'any' ? 'passed' : 'failed';
    expect(JSON.parse(refused.stdout).checks.at(-1)).toMatchObject({ step: 'caller', result });
    expect([allowed.code, refused.code]).toEqual([0, who === 'any' ? 0 : 1]);
  });

  test('may be repeated, and so may --audience', async () => {
    const repeated = ['--caller', 'ada@example.com', '--caller', SENDER, '--audience', 'x', '--audience', AUDIENCE];

    const { code, stdout } = await cli(['explain', await goodToken(), ...repeated, '--keys', keyFile, '--at', AT]);

    expect(stdout).toContain('Accepted');
    expect(code).toBe(0);
  });
});

test('--json prints header, claims, likely sender and each check', async () => {
  const token = await goodToken({ aud: `${AUDIENCE}/` });

  const { code, stdout } = await cli(['explain', token, '--audience', AUDIENCE, '--at', AT, '--json']);

  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toEqual({
    accepted: false,
    unverifiedHeader: { alg: 'RS256', kid: google.jwks.keys[0]?.kid, typ: 'JWT' },
    unverifiedClaims: {
      aud: `${AUDIENCE}/`,
      azp: '112010400000000710080',
      email: SENDER,
      email_verified: true,
      exp: 1769864400,
      iat: 1769860800,
      iss: 'https://accounts.google.com',
      sub: '112010400000000710080',
    },
    checks: [
      { step: 'form', result: 'passed' },
      { step: 'key', result: 'not_checked', hint: 'no keys.' },
      { step: 'signature', result: 'not_checked', hint: 'no keys.' },
      { step: 'claims', result: 'passed' },
      { step: 'issuer', result: 'passed' },
      {
        step: 'audience',
        result: 'failed',
        code: 'audience_mismatch',
        hint: expect.stringContaining('they differ only by a trailing slash'),
      },
      { step: 'time', result: 'passed' },
      { step: 'caller', result: 'not_checked', hint: 'no caller rule given.' },
    ],
    likelySender: expect.stringContaining('a service account: Pub/Sub'),
  });
});

describe('--at', () => {
  test.each(['2026-01-31T12:01:00Z', '2026-01-31T13:01:00+01:00', '1769860860'])('%s is a time', async (at) => {
    const { stdout } = await cli(['explain', await goodToken(), '--at', at]);

    expect(stdout).toContain('2026-01-31T12:00:00.000Z, 60 seconds ago');
  });

  test('left out, it is now', async () => {
    const today = await createFakeGoogle();

    const { code, stdout } = await cli(['explain', await today.idToken({ aud: AUDIENCE }), '--json']);

    expect(code).toBe(0);
    expect(JSON.parse(stdout).checks).toContainEqual({ step: 'time', result: 'passed' });
  });
});

/** Serves text on loopback for one test; resolves to the URL. */
async function serve(answer: (path: string) => string): Promise<string> {
  const server = createServer((req, res) => res.end(answer(`${req.url}`)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
