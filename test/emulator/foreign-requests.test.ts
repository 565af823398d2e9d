import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AUDIENCE, google, SENDER, server } from './support/google.ts';
import { raw } from './support/raw-http.ts';

const reached: string[] = [];
const target = createServer((req, res) => {
  reached.push(`${req.method} ${req.url}`);
  res.end('reached');
});
let endpoints: [method: string, path: string][];

beforeAll(async () => {
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(target.address() as AddressInfo).port}`;
  endpoints = [
    ['GET', `/computeMetadata/v1/instance/service-accounts/default/identity?audience=${AUDIENCE}`],
    ['GET', '/computeMetadata/v1/instance/service-accounts/default/token'],
    ['GET', `/admin/service-accounts/${SENDER}/key`],
    ['POST', `/v1/projects/-/serviceAccounts/${SENDER}:generateIdToken`],
    ['POST', '/token'],
    ['POST', '/admin/keys/rotate'],
    ['POST', '/admin/jwks'],
    ['POST', '/admin/time'],
    ['GET', '/oauth2/v3/certs'],
    ['GET', server.forwardUrl({ target: url, sender: SENDER }).slice(server.url.length)],
  ];
});

afterAll(() => target.close());

/** Sends a request to every endpoint, and expects that none took it. */
async function expectAllRefused(headers: Record<string, string>, why: string): Promise<void> {
  const keys = google.jwks.keys;
  for (const [method, path] of endpoints) {
    const answer = await raw({ method, path, headers: { 'Metadata-Flavor': 'Google', ...headers } });

    expect(answer).toMatchObject({ status: 403, body: `${why}\n` });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
  }
  expect(google.jwks.keys).toEqual(keys);
  expect(reached).toEqual([]);
}

describe('a page that makes its own name resolve to this machine (DNS rebinding)', () => {
  test.each([
    'evil.example.com',
    'evil.example.com:8585',
    'localhost.evil.example.com',
    '127.0.0.1.evil.example.com',
    'evil.example.com:127.0.0.1',
    'metadata.google.internal',
    '10.0.0.1:8585',
    '0.0.0.0:8585',
    '[::2]:8585',
    '127.0.0.1:8585:8585',
    '127.0.0.1@evil.example.com',
    'localhost.',
  ])('is refused everywhere by its Host: %s', async (host) => {
    await expectAllRefused(
      { host },
      'The fake Google serves this machine only: the Host header must be that of loopback, such as 127.0.0.1 or localhost.',
    );
  });
});

test('a request that tells no host is refused: it may come from anywhere', async () => {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.end('GET /oauth2/v3/certs HTTP/1.0\r\n\r\n');

  expect(await text(socket)).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
});

describe('a page of another site in a browser on this machine', () => {
  const why = 'The fake Google does not serve web pages of other sites.';

  test.each(['https://evil.example.com', 'http://evil.example.com:8585', 'null', 'https://localhost.evil.example.com'])(
    'is refused everywhere by its Origin: %s',
    async (origin) => {
      await expectAllRefused({ origin }, why);
      await expectAllRefused({ origin, 'sec-fetch-site': 'same-origin' }, why);
    },
  );

  test('is refused everywhere by Sec-Fetch-Site, where the browser sends no Origin', async () => {
    await expectAllRefused({ 'sec-fetch-site': 'cross-site' }, why);
  });
});

describe('a program or a page on this machine', () => {
  test.each<Record<string, string>>([
    { host: 'localhost' },
    { host: 'LOCALHOST:8585' },
    { host: '127.0.0.1:8585' },
    { host: '127.8.8.8' },
    { host: '[::1]:8585' },
    { origin: 'http://localhost:3000', 'sec-fetch-site': 'cross-site' },
    { origin: 'http://127.0.0.1:3000' },
    { 'sec-fetch-site': 'none' },
    { 'sec-fetch-site': 'same-origin' },
  ])('is served: %j', async (headers) => {
    const answer = await raw({ path: '/oauth2/v3/certs', headers });

    expect(answer).toMatchObject({ status: 200, body: expect.stringContaining('"keys"') });
  });

  test('gets no CORS headers, so that no other page can read what a browser gets', async () => {
    const headers = {
      origin: 'http://localhost:3000',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'metadata-flavor',
    };
    for (const [method, path] of [
      ['OPTIONS', '/computeMetadata/v1/project/project-id'],
      ['OPTIONS', '/admin/time'],
      ['GET', '/oauth2/v3/certs'],
    ]) {
      const answer = await raw({ method, path, headers });
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
  });
});
