import { describe, expect, test } from 'vitest';
import { AUDIENCE, SENDER, server } from './support/google.ts';
import { raw } from './support/raw-http.ts';
import { startTarget } from './support/target.ts';

describe('forwardUrl()', () => {
  test('makes a base URL: paths and queries come behind it', () => {
    const options = { target: 'http://localhost:3000', sender: SENDER, audience: AUDIENCE };
    const expected = `${server.url}/forward/sender%40my-project.iam.gserviceaccount.com/https%3A%2F%2Fapi.example.com/localhost:3000`;

    expect(server.forwardUrl(options)).toBe(expected);
    expect(server.forwardUrl({ ...options, target: 'http://localhost:3000/push/' })).toBe(`${expected}/push`);
  });

  test.each([
    'http://example.com',
    'https://127.0.0.1:3000',
    'http://user:password@127.0.0.1:3000',
    'http://127.0.0.1:3000/?a=b',
    'http://127.0.0.1:3000/#a',
    'ftp://127.0.0.1',
  ])('refuses %s', (target) => {
    expect(() => server.forwardUrl({ target, sender: SENDER })).toThrow(
      new TypeError(
        '"target" must be an http: URL on loopback, without query: whoever reaches this Google can make tokens, so it serves its own machine only. In containers, let them share a network: network_mode: "service:…".',
      ),
    );
  });
});

describe('the forwarder', () => {
  test.each([
    'example.com',
    'example.com:80',
    '10.0.0.1:3000',
    '169.254.169.254',
    '0.0.0.0:3000',
    '[::]:3000',
    '127.0.0.1.example.com',
    'localhost.example.com:3000',
    'user@127.0.0.1:3000',
    '127.0.0.1:3000@example.com',
    '2130706433',
    '0x7f.0.0.1',
    '127.1',
    '127.0.0.1:99999',
    '127.0.0.1%2F@example.com',
    'http:',
  ])('forwards to this machine only: not to %s', async (host) => {
    const answer = await raw({ path: `/forward/${SENDER}/-/${host}/push` });

    expect(answer).toMatchObject({
      status: 400,
      body: 'Requests are forwarded to this machine only: the host must be that of loopback, such as 127.0.0.1:3000.\n',
    });
  });

  test.each(['ada@example.com', 'sender', '112010400000000710080'])(
    'sends in the name of service accounts only: not of %s',
    async (sender) => {
      const target = await startTarget();

      const answer = await raw({ path: `/forward/${sender}/-/${target.host}/` });

      expect(answer).toMatchObject({ status: 404, body: `"${sender}" is not the e-mail of a service account.\n` });
      expect(target.requests).toEqual([]);
    },
  );

  test.each(['/forward/', '/forward/a', '/forward/a/b', '/forward/a/b/', '/forward//b/127.0.0.1:3000/'])(
    'says how its path must be: not %s',
    async (path) => {
      expect(await raw({ path })).toMatchObject({
        status: 400,
        body: expect.stringContaining('/forward/{sender}/{audience}/{host:port}/'),
      });
    },
  );

  test('refuses a path that is not percent-encoded UTF-8', async () => {
    expect(await raw({ path: `/forward/${SENDER}/%FF/127.0.0.1:3000/` })).toMatchObject({
      status: 400,
      body: 'Sender and audience must be percent-encoded UTF-8.\n',
    });
  });
});
