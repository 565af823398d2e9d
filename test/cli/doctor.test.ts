import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { createFakeGoogle } from '@id-token-guard/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { cli } from './support/cli.ts';

const google = await createFakeGoogle();
const JWKS = JSON.stringify(google.jwks);

const healthy: RequestListener = (_, res) => {
  res.setHeader('cache-control', 'public, max-age=3600').end(JWKS);
};

test('with keys at hand and a right clock, all is well', async () => {
  const url = await serve(healthy);

  const { code, stdout, stderr } = await cli(['doctor', '--url', url]);

  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const masked = stdout
    .replace(url, 'http://127.0.0.1:8585/oauth2/v3/certs')
    .replace(/\b[0-9a-f]{40}\b/g, '(a key id)')
    // The machine may be slow.
    .replace(/\d+ ms$/m, '12 ms')
    .replace(/35\d\d s$/m, '3600 s')
    .replace(/\d s (ahead|behind)$/m, 'right');
  const command = '$ id-token-guard doctor --url http://127.0.0.1:8585/oauth2/v3/certs';
  await expect(`${command}\n${masked}`).toMatchFileSnapshot('golden/doctor-healthy.txt');
});

test('--json prints the same for programs', async () => {
  const url = await serve(healthy);

  const { code, stdout } = await cli(['doctor', '--url', url, '--json']);

  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    url,
    reachable: true,
    latencyMs: expect.any(Number),
    keyIds: google.jwks.keys.map(({ kid }) => kid),
    freshForSeconds: expect.any(Number),
    clockSkewSeconds: expect.any(Number),
    problems: [],
  });
});

describe('where no keys can be had, it says why and what to do:', () => {
  const answers: [name: string, listener: RequestListener, problem: string][] = [
    [
      '503',
      (_, res) => res.writeHead(503).end(),
      'The key URL answered with status 503. The server is down, or a proxy on the way cannot reach it: try again.',
    ],
    [
      'a login page',
      (_, res) => res.setHeader('content-type', 'text/html').end('<!doctype html><title>Sign in</title>'),
      'The answer of the key URL is not a JSON object with a "keys" array. This is not how Google answers: look for a proxy or a login page on the way, and at the URL.',
    ],
    [
      'a redirect, which is not followed',
      (_, res) => res.writeHead(302, { location: 'https://login.example.com/' }).end(),
      'The key URL answered with status 302. This is not how Google answers: look for a proxy or a login page on the way, and at the URL.',
    ],
    [
      'an empty set',
      (_, res) => res.end('{"keys":[]}'),
      'The answer of the key URL has no usable key. This is not how Google answers: look for a proxy or a login page on the way, and at the URL.',
    ],
    [
      'a connection that is cut',
      (req) => req.socket.destroy(),
      'The key URL cannot be reached (UND_ERR_SOCKET). The connection was cut: look for a firewall or a proxy.',
    ],
    [
      'no answer at all, for which it does not wait forever',
      () => {},
      'The key URL did not answer in time. A firewall may drop the packets: allow outgoing HTTPS to www.googleapis.com.',
    ],
  ];

  test.each(answers)('%s', async (_, listener, problem) => {
    const url = await serve(listener);

    const { code, stdout, stderr } = await cli(['doctor', '--url', url]);

    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(/^ {2}reachable +no$/m);
    expect(stdout).not.toMatch(/^ {2}keys/m);
    expect(stdout.replace(/\s+/g, ' ')).toContain(problem);
  });

  test('nobody listens', async () => {
    const url = await stoppedUrl();

    const { code, stdout } = await cli(['doctor', '--url', url, '--json']);

    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      url,
      reachable: false,
      keyIds: [],
      problems: [
        'The key URL cannot be reached (ECONNREFUSED). Nothing listens there, or a firewall refuses. If it is a local Google: is it running?',
      ],
    });
  });
});

describe('the clock of this machine', () => {
  /** Answers as a server whose clock is so many seconds ahead of ours. */
  const skewed =
    (seconds: number, age = 0): RequestListener =>
    (req, res) => {
      res.setHeader('date', new Date(Date.now() + seconds * 1000).toUTCString()).setHeader('age', age);
      healthy(req, res);
    };

  test('is told to be ahead, with what that does to tokens', async () => {
    const { code, stdout } = await cli(['doctor', '--url', await serve(skewed(-600))]);

    expect(code).toBe(1);
    expect(stdout).toMatch(/^ {2}reachable +yes$/m);
    expect(stdout).toMatch(/^ {2}clock +(599|600|601) s ahead$/m);
    expect(stdout.replace(/\s+/g, ' ')).toMatch(
      /The clock of this machine is \d+ s ahead, so good tokens are refused as expired: synchronise it \(NTP\)\./,
    );
  });

  test('is told to be behind', async () => {
    const { code, stdout } = await cli(['doctor', '--url', await serve(skewed(600)), '--json']);

    expect(code).toBe(1);
    const { clockSkewSeconds, problems } = JSON.parse(stdout);
    expect(Math.abs(clockSkewSeconds + 600)).toBeLessThanOrEqual(2);
    expect(problems).toEqual([expect.stringMatching(/ s behind, so good tokens are refused as not yet valid/)]);
  });

  test('is not blamed for the time that an answer has spent in a cache', async () => {
    const { code, stdout } = await cli(['doctor', '--url', await serve(skewed(-600, 600)), '--json']);

    expect(code).toBe(0);
    expect(JSON.parse(stdout).problems).toEqual([]);
  });

  test('is not judged where the server does not tell the time', async () => {
    const url = await serve((req, res) => {
      res.sendDate = false;
      healthy(req, res);
    });

    const { code, stdout } = await cli(['doctor', '--url', url]);

    expect(code).toBe(0);
    expect(stdout).not.toContain('clock');
  });
});

describe('variables of proxies', () => {
  // RFC 6761 §6.4: names under "invalid" never resolve.
  const url = 'https://keys.invalid/oauth2/v3/certs';
  const advice = "HTTPS_PROXY is set, but Node's fetch does not read it: set NODE_USE_ENV_PROXY=1";

  test('are named where they may be the reason', async () => {
    const { code, stdout } = await cli(['doctor', '--url', url, '--json'], {
      env: { HTTPS_PROXY: 'http://user:secret@proxy.invalid:3128' },
    });

    expect(code).toBe(1);
    expect(JSON.parse(stdout).problems).toEqual([expect.stringContaining(advice)]);
    expect(stdout).not.toContain('secret');
  });

  test('are not named where Node reads them', async () => {
    const proxy = await stoppedUrl();

    const { stdout } = await cli(['doctor', '--url', url, '--json'], {
      env: { HTTPS_PROXY: proxy, NODE_USE_ENV_PROXY: '1' },
    });

    expect(stdout).not.toContain('HTTPS_PROXY');
  });

  test('are not named where there is no need of a proxy', async () => {
    const { stdout } = await cli(['doctor', '--url', await stoppedUrl(), '--json'], {
      env: { HTTPS_PROXY: 'http://proxy.invalid:3128' },
    });

    expect(stdout).toContain('ECONNREFUSED');
    expect(stdout).not.toContain('HTTPS_PROXY');
  });
});

test('key ids that came from elsewhere do not steer the terminal', async () => {
  const [key] = google.jwks.keys;
  const url = await serve((_, res) => res.end(JSON.stringify({ keys: [{ ...key, kid: '\u001b[2J\u009b' }] })));

  const { code, stdout } = await cli(['doctor', '--url', url]);

  expect(code).toBe(0);
  expect(stdout).toMatch(/^ {2}keys +\\u001b\[2J\\u009b$/m);
  expect(stdout).toMatch(/^[ -~\n]+$/);
});

/** Serves on loopback for one test; resolves to the URL. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A URL where nobody listens any more. */
async function stoppedUrl(): Promise<string> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
