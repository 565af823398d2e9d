/*
 * Real servers in front of the guard, each with the configuration that `serve --print` prints. What a client sees and what
 * the app sees must be the same with all of them.
 */
import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import type { GoogleIdTokenErrorCode } from '@id-token-guard/core';
import type { GuardConfig } from '@id-token-guard/serve';
import { refusedRequests } from '@id-token-guard/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Answer, exchange, requestText } from '../adapters/support/raw-http.ts';
import { REFUSAL_TABLE } from '../adapters/support/refusal-table.ts';
import { type App, type Received, startApp, valuesOf } from './support/app.ts';
import { type Front, frontServers, startFront } from './support/front-servers.ts';
import { AUDIENCE, SENDER } from './support/guard.ts';
import { claims, type GuardHere, good, google, startGuardHere } from './support/world.ts';

const hostile = await refusedRequests(google, { audience: AUDIENCE, claims });

describe.each(frontServers)('behind $name', (kind) => {
  if (!kind.isInstalled) {
    test.skip(`left out: ${kind.name} is not installed`);
    return;
  }
  let app: App;
  let guard: GuardHere;
  let front: Front;

  beforeAll(async () => {
    google.answerWith('ok');
    app = await startApp();
    guard = await startGuardOf();
    front = await startFront(kind, { ...guard, upstream: app.url });
  });
  afterAll(async () => {
    await Promise.all([front.stop(), guard.close()]);
    app.close();
  });
  beforeEach(() => {
    app.received.length = 0;
    google.answerWith('ok');
  });

  test('a good GET reaches the app as it was, with who calls', async () => {
    const path = '/orders/%2Fa%20b;c=1/?q=%C3%A9&q=2&empty=';
    const answer = await exchange(front.port, requestText(`GET ${path} HTTP/1.1`, [good, 'X-Custom: kept']));

    expectAnswerOfApp(answer);
    expect(app.received).toEqual([expect.objectContaining({ method: 'GET', url: path, bytes: 0 })]);
    expect(identityOf(app.received[0])).toEqual(IDENTITY);
    expect(valuesOf(app.received[0], 'x-custom')).toEqual(['kept']);
    expect(valuesOf(app.received[0], 'host')).toEqual(['api.example.com']);
  });

  test('a good POST reaches the app with its body', async () => {
    const body = JSON.stringify({ message: 'x'.repeat(100_000) });
    const lines = [good, 'Content-Type: application/json', `Content-Length: ${body.length}`];
    const answer = await exchange(front.port, requestText('POST /push HTTP/1.1', lines) + body);

    expectAnswerOfApp(answer);
    expect(app.received).toEqual([
      expect.objectContaining({ method: 'POST', url: '/push', bytes: body.length, sha256: sha256(body) }),
    ]);
    expect(identityOf(app.received[0])).toEqual(IDENTITY);
    expect(valuesOf(app.received[0], 'content-type')).toEqual(['application/json']);
  });

  test.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS'])('a good %s reaches the app as what it is', async (method) => {
    const answer = await exchange(
      front.port,
      requestText(`${method} /a HTTP/1.1`, [good, 'Content-Length: 2']).concat('{}'),
    );

    expectAnswerOfApp(answer);
    expect(app.received).toEqual([expect.objectContaining({ method, url: '/a', bytes: 2 })]);
  });

  test('a body without a length reaches the app whole', async () => {
    const chunks = ['5\r\nhello\r\n', '6\r\n world\r\n', '0\r\n\r\n'];
    const request = requestText('POST /push HTTP/1.1', [good, 'Transfer-Encoding: chunked']) + chunks.join('');

    expectAnswerOfApp(await exchange(front.port, request));
    expect(app.received).toEqual([expect.objectContaining({ bytes: 11, sha256: sha256('hello world') })]);
  });

  test.each(hostile)('$title is refused with $code, byte for byte', async ({ code, headers, jwks }) => {
    google.answerWith(jwks);
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    const body = '{"a":1}';
    const request = requestText('POST /push HTTP/1.1', [...lines, `Content-Length: ${body.length}`]) + body;

    expectRefusal(await exchange(front.port, request), code);
  });

  test('two Authorization headers, a good one among them, do not get through', async () => {
    for (const lines of [
      [good, 'Authorization: Bearer another'],
      ['Authorization: Bearer another', good],
    ]) {
      const answer = await exchange(front.port, requestText('GET / HTTP/1.1', lines));

      // HAProxy and Apache pass both on, or one of them joined; nginx does not take such a request.
      expect([400, 401]).toContain(answer.status);
      expect(app.received).toEqual([]);
    }
  });

  const forged = ['X-Google-Caller-Kind', 'X-Google-Caller-Email', 'X-Google-Caller-Id', 'X-Google-Audience'];

  test('what a client writes into the identity headers does not reach the app', async () => {
    const answer = await exchange(
      front.port,
      requestText('GET / HTTP/1.1', [good, ...forged.map((name) => `${name.toLowerCase()}: forged`)]),
    );

    expectAnswerOfApp(answer);
    expect(identityOf(app.received[0])).toEqual(IDENTITY);
  });

  test.each([
    ['underscores', (name: string) => name.replaceAll('-', '_')],
    ['one underscore', (name: string) => name.replace(/-(?=[^-]*$)/, '_')],
    ['other characters that CGI makes an underscore of', (name: string) => name.replaceAll('-', '.')],
  ])('nor does it with %s for dashes', async (_, spell) => {
    for (const name of forged) {
      app.received.length = 0;
      const answer = await exchange(front.port, requestText('GET / HTTP/1.1', [good, `${spell(name)}: forged`]));

      // Dropped, or the whole request refused.
      expect([200, 400]).toContain(answer.status);
      expect(app.received.map(identityOf)).toEqual(answer.status === 200 ? [IDENTITY] : []);
    }
  });

  test('a token without e-mail gives the app none, whatever the client says', async () => {
    const sub = '112010400000000710080';
    const other = await startGuardOf({ serviceAccount: undefined, subject: sub });
    const otherFront = await startFront(kind, { ...other, upstream: app.url });
    const token = await google.idToken({ aud: AUDIENCE, sub });
    const lines = [`Authorization: Bearer ${token}`, `X-Google-Caller-Email: ${SENDER}`];

    expectAnswerOfApp(await exchange(otherFront.port, requestText('GET / HTTP/1.1', lines)));
    expect(identityOf(app.received[0])).toMatchObject({ kind: ['subject'], id: [sub], audience: [AUDIENCE] });
    expect(['', undefined]).toContain(valuesOf(app.received[0], 'x-google-caller-email').join());
    await Promise.all([otherFront.stop(), other.close()]);
  });

  test('a token may be for the very URL of the request, which no client can say itself', async () => {
    const other = await startGuardOf({
      audience: undefined,
      requestUrl: ['https://a.example.com', 'https://b.example.com'],
    });
    const otherFront = await startFront(kind, { ...other, upstream: app.url });
    const token = await google.idToken({ ...claims, aud: 'https://a.example.com/push/%2F?x=1&y=%20' });
    const statusOf = async (path: string, host: string, lines: readonly string[] = []) =>
      (
        await exchange(
          otherFront.port,
          [
            `GET ${path} HTTP/1.1`,
            `Host: ${host}`,
            'Connection: close',
            `Authorization: Bearer ${token}`,
            ...lines,
            '',
            '',
          ].join('\r\n'),
        )
      ).status;
    const lies = ['X-Forwarded-Host: a.example.com', 'X-Forwarded-Uri: /push/%2F?x=1&y=%20', 'X-Original-URI: /push'];

    expect(await statusOf('/push/%2F?x=1&y=%20', 'a.example.com')).toBe(200);
    expect(await statusOf('/push/%2F?x=1', 'a.example.com', lies)).toBe(401);
    expect(await statusOf('/push/%2F?x=1&y=%20', 'b.example.com', lies)).toBe(401);
    expect(app.received).toHaveLength(1);
    await Promise.all([otherFront.stop(), other.close()]);
  });

  test.each([401, 403, 404, 500, 503])('a %i of the app is the app’s, with all that is in it', async (status) => {
    app.answerWith((req, res) => {
      req.resume();
      res.writeHead(status, {
        'www-authenticate': 'Basic realm="app"',
        'retry-after': '99',
        'content-type': 'text/x-app',
      });
      res.end('of the app');
    });
    const answer = await exchange(front.port, requestText('GET / HTTP/1.1', [good]));
    app.answerWith(undefined);

    expect({ ...answer, headers: {}, text: '' }).toEqual({ status, body: 'of the app', headers: {}, text: '' });
    expect(answer.headers).toMatchObject({
      'www-authenticate': 'Basic realm="app"',
      'retry-after': '99',
      'content-type': 'text/x-app',
    });
  });

  test('without keys it is 503 until Google is back, and with keys Google may be away', async () => {
    google.answerWith('outage');
    const cold = await startGuardOf();
    const coldFront = await startFront(kind, { ...cold, upstream: app.url });

    expectRefusal(await exchange(coldFront.port, requestText('GET / HTTP/1.1', [good])), 'keys_unavailable');
    expectAnswerOfApp(await exchange(front.port, requestText('GET / HTTP/1.1', [good])));

    google.answerWith('ok');
    await expect
      .poll(() => exchange(coldFront.port, requestText('GET / HTTP/1.1', [good])), { timeout: 5000 })
      .toMatchObject({ status: 200 });
    await Promise.all([coldFront.stop(), cold.close()]);
  });

  test('a client that hangs up harms nobody', async () => {
    for (const ending of ['destroy', 'end'] as const) {
      const socket = connect(front.port, '127.0.0.1').on('error', () => {});
      socket.write(requestText('POST /push HTTP/1.1', [good, 'Content-Length: 100']), () => socket[ending]());
    }

    expectAnswerOfApp(await exchange(front.port, requestText('GET /after HTTP/1.1', [good])));
    expect(app.received.filter(({ url }) => url === '/push')).toEqual([]);
  });

  test('a guard that is gone lets nobody in', async () => {
    const other = await startGuardOf();
    const otherFront = await startFront(kind, { ...other, upstream: app.url });
    expectAnswerOfApp(await exchange(otherFront.port, requestText('GET / HTTP/1.1', [good])));
    app.received.length = 0;
    await other.close();

    const answer = await exchange(otherFront.port, requestText('GET / HTTP/1.1', [good]));
    expect([502, 503]).toContain(answer.status);
    expect(app.received).toEqual([]);
    await otherFront.stop();
  });

  function startGuardOf(config: GuardConfig = {}): Promise<GuardHere> {
    return startGuardHere(kind.asks ? config : { upstream: app.url, ...config });
  }

  function expectAnswerOfApp({ status, headers, body }: Answer): void {
    expect({ status, app: headers['x-app'], body }).toEqual({ status: 200, app: 'here', body: '{"hello":"app"}' });
  }

  function expectRefusal({ status, headers, body }: Answer, code: GoogleIdTokenErrorCode): void {
    const expected = REFUSAL_TABLE[code];
    expect({
      status,
      // Both values, where it came twice.
      challenge: headers['www-authenticate'],
      contentType: headers['content-type'],
      cacheControl: headers['cache-control'],
      retryAfter: headers['retry-after'],
      body,
    }).toEqual({
      ...expected,
      contentType: 'application/json',
      cacheControl: 'no-store',
      retryAfter: code === 'keys_unavailable' ? expect.stringMatching(/^[1-9]\d*$/) : undefined,
    });
    expect(app.received).toEqual([]);
  }
});

const IDENTITY = {
  kind: ['service_account'],
  email: [SENDER],
  id: [expect.stringMatching(/^\d{21}$/)],
  audience: [AUDIENCE],
};

function identityOf(received: Received | undefined) {
  return {
    kind: valuesOf(received, 'x-google-caller-kind'),
    email: valuesOf(received, 'x-google-caller-email'),
    id: valuesOf(received, 'x-google-caller-id'),
    audience: valuesOf(received, 'x-google-audience'),
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
