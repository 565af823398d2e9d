/*
 * The guard as a server in front asks it: which path is a question, what the answers are, what of a request is read.
 */
import { refusedRequests } from '@id-token-guard/testing';
import { describe, expect, test } from 'vitest';
import { exchange, openConnection, requestText } from '../adapters/support/raw-http.ts';
import { REFUSAL_TABLE } from '../adapters/support/refusal-table.ts';
import { AUDIENCE, SENDER } from './support/guard.ts';
import { claims, good, google, guardHere } from './support/world.ts';

describe('a yes', () => {
  test('is 200 with who calls, and nothing that could be kept', async () => {
    const { port } = await guardHere();
    const { status, headers, body } = await exchange(port, requestText('GET /auth HTTP/1.1', [good]));

    expect({ status, headers, body }).toEqual({
      status: 200,
      headers: {
        'x-google-caller-kind': 'service_account',
        'x-google-caller-email': SENDER,
        'x-google-caller-id': expect.stringMatching(/^\d{21}$/),
        'x-google-audience': AUDIENCE,
        'cache-control': 'no-store',
        'content-length': '0',
        connection: 'close',
        date: expect.any(String),
      },
      body: '',
    });
  });

  test('tells a person, and a caller without e-mail', async () => {
    const { port } = await guardHere({ serviceAccount: undefined, anyCaller: true });
    const ask = async (more: object) => {
      const token = await google.idToken({ aud: AUDIENCE, sub: '42', ...more });
      return (await exchange(port, requestText('GET /auth HTTP/1.1', [`Authorization: Bearer ${token}`]))).headers;
    };

    expect(await ask({ email: 'ada@example.com', email_verified: true })).toMatchObject({
      'x-google-caller-kind': 'user',
      'x-google-caller-email': 'ada@example.com',
      'x-google-caller-id': '42',
    });
    expect(await ask({ email: 'ada@example.com', email_verified: false })).toMatchObject({
      'x-google-caller-kind': 'subject',
      'x-google-caller-email': '',
      'x-google-caller-id': '42',
    });
  });

  test('leaves out an e-mail that a header cannot carry as it is', async () => {
    const { port } = await guardHere({ serviceAccount: undefined, anyCaller: true });
    for (const email of ['ä@example.com', 'a b@example.com', 'a@example.com\r\nX-Google-Audience: x']) {
      const token = await google.idToken({ aud: AUDIENCE, email, email_verified: true });
      const answer = await exchange(port, requestText('GET /auth HTTP/1.1', [`Authorization: Bearer ${token}`]));

      expect(answer.status).toBe(200);
      expect(answer.headers).toMatchObject({ 'x-google-caller-email': '', 'x-google-audience': AUDIENCE });
    }
  });

  test.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'])(
    'is the same for %s',
    async (method) => {
      const { port } = await guardHere();

      expect(await exchange(port, requestText(`${method} /auth HTTP/1.1`, [good]))).toMatchObject({
        status: 200,
        body: '',
      });
    },
  );
});

describe.each(['standard', 'nginx'] as const)('a no in the dialect %s', (dialect) => {
  test('has all of the refusal', async () => {
    const { port } = await guardHere({ dialect });
    for (const { code, headers, jwks } of await refusedRequests(google, { audience: AUDIENCE, claims })) {
      google.answerWith(jwks);
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
      const answer = await exchange(port, requestText('GET /auth HTTP/1.1', lines));
      const { status, challenge, body } = REFUSAL_TABLE[code];
      const retryAfter = code === 'keys_unavailable' ? expect.stringMatching(/^[1-9]\d*$/) : undefined;

      if (dialect === 'standard') {
        expect({ ...answer, text: '' }).toMatchObject({ status, body });
        expect(answer.headers['www-authenticate']).toBe(challenge);
        expect(answer.headers['retry-after']).toEqual(retryAfter);
      } else {
        expect({ ...answer, text: '' }).toMatchObject({ status: 403, body: '' });
        expect(answer.headers).not.toHaveProperty('www-authenticate');
        expect(answer.headers).toMatchObject({
          'x-id-token-guard-status': String(status),
          'x-id-token-guard-challenge': challenge ?? '',
          'x-id-token-guard-retry-after': retryAfter ?? '',
          'x-id-token-guard-body': body,
        });
      }
      expect(answer.headers['cache-control']).toBe('no-store');
      expect(answer.text).not.toContain('x-google');
    }
  });
});

describe('which path is a question:', () => {
  test.each(['/auth', '/auth/', '/auth?a=b', '/auth/any/path?a=b', '/auth/healthz', '/auth/../healthz', '/nginx-auth'])(
    '%s',
    async (path) => {
      const { port } = await guardHere({ metrics: true });

      expect(await exchange(port, requestText(`GET ${path} HTTP/1.1`, []))).toMatchObject({
        status: path === '/nginx-auth' ? 403 : 401,
      });
      expect(await exchange(port, requestText(`GET ${path} HTTP/1.1`, [good]))).toMatchObject({ status: 200 });
    },
  );

  test.each(['/', '/authority', '/Auth', '//auth', '/nginx-auth/', 'http://api.example.com/auth', '/%61uth'])(
    'not %s: a good token changes nothing',
    async (path) => {
      const { port } = await guardHere({ metrics: true });

      expect(await exchange(port, requestText(`GET ${path} HTTP/1.1`, [good]))).toMatchObject({
        status: 404,
        body: '{"error":"not_found","error_description":"The guard is asked at /auth.","code":"not_found"}',
      });
    },
  );
});

describe('the header that carries the token', () => {
  test('is the one that was chosen, and no other', async () => {
    const { port } = await guardHere({ header: 'x-serverless-authorization' });
    const other = good.replace('Authorization', 'X-Serverless-Authorization');

    expect(await exchange(port, requestText('GET /auth HTTP/1.1', [other]))).toMatchObject({ status: 200 });
    expect(await exchange(port, requestText('GET /auth HTTP/1.1', [good]))).toMatchObject({ status: 401 });
  });

  test('may be there once, however many others stand between', async () => {
    const { port } = await guardHere();
    // Node hands over 2000 headers by default, and no more.
    const many = Array.from({ length: 2500 }, () => 'a:b');
    const answer = await exchange(port, requestText('GET /auth HTTP/1.1', [good, ...many, good]));

    expect(answer).toMatchObject({ status: 400, body: REFUSAL_TABLE.request_invalid.body });
  });
});

describe('a client that writes one of the identity headers', () => {
  const FORGED =
    '{"error":"identity_header_forged","error_description":"The request carries a header that only the guard may set.","code":"identity_header_forged"}';

  test.each([
    'X-Google-Caller-Email',
    'x_google_caller_id',
    'X-Google_Audience',
    'x.google.caller-kind',
    'X-Google-Caller-Anything',
  ])('is refused: %s', async (name) => {
    const { port } = await guardHere();
    const lines = [good, `${name}: ${SENDER}`];

    expect(await exchange(port, requestText('GET /auth HTTP/1.1', lines))).toMatchObject({ status: 400, body: FORGED });
    const answer = await exchange(port, requestText('GET /nginx-auth HTTP/1.1', lines));
    expect(answer).toMatchObject({ status: 403, body: '' });
    expect(answer.headers).toMatchObject({ 'x-id-token-guard-status': '400', 'x-id-token-guard-body': FORGED });
  });

  test.each(['X-Google-Cloud-Project', 'X-Goog-Channel-Id', 'X-Google-Audiences'])('not with %s', async (name) => {
    const { port } = await guardHere();

    expect(await exchange(port, requestText('GET /auth HTTP/1.1', [good, `${name}: x`]))).toMatchObject({
      status: 200,
    });
  });
});

describe('audiences', () => {
  test('may be exact values and URLs at the same time', async () => {
    const { port } = await guardHere({ audience: ['a', AUDIENCE], urlsUnder: 'https://push.example.com/in' });
    const statusFor = async (aud: string) => {
      const token = await google.idToken({ ...claims, aud });
      return (await exchange(port, requestText('GET /auth HTTP/1.1', [`Authorization: Bearer ${token}`]))).status;
    };

    expect(await statusFor('a')).toBe(200);
    expect(await statusFor(AUDIENCE)).toBe(200);
    expect(await statusFor('https://push.example.com/in/orders?x=1')).toBe(200);
    expect(await statusFor('https://push.example.com/other')).toBe(401);
    expect(await statusFor('b')).toBe(401);
  });
});

describe('audiences that are the URL of the request', () => {
  const statusFor = async (aud: string, requestLine: string, lines: readonly string[]) => {
    const { port } = await guardHere({
      audience: undefined,
      requestUrl: ['https://a.example.com', 'https://b.example.com'],
    });
    const token = await google.idToken({ ...claims, aud });
    return (await exchange(port, requestText(requestLine, [`Authorization: Bearer ${token}`, ...lines]))).status;
  };
  const asked = ['X-Forwarded-Host: a.example.com', 'X-Forwarded-Uri: /push?x=1'];

  test.each([
    ['https://a.example.com/push?x=1', 200],
    ['https://b.example.com/push?x=1', 401],
    ['https://a.example.com/push', 401],
    ['https://a.example.com/auth', 401],
    ['https://api.example.com/push?x=1', 401],
  ])('%s is %i where X-Forwarded-Host and X-Forwarded-Uri say where it was sent', async (aud, status) => {
    expect(await statusFor(aud, 'GET /auth HTTP/1.1', asked)).toBe(status);
    expect(await statusFor(aud, 'GET /nginx-auth HTTP/1.1', asked)).toBe(status === 401 ? 403 : status);
  });

  test('come behind /auth where Envoy asks, and then no header says another', async () => {
    const aud = 'https://b.example.com/push?x=1';
    const { port } = await guardHere({
      audience: undefined,
      requestUrl: ['https://a.example.com', 'https://b.example.com'],
    });
    const token = await google.idToken({ ...claims, aud });
    const ask = async (path: string, more: string) =>
      (
        await exchange(
          port,
          `GET ${path} HTTP/1.1\r\nHost: b.example.com\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\n${more}\r\n`,
        )
      ).status;

    expect(await ask('/auth/push?x=1', '')).toBe(200);
    expect(await ask('/auth/other', 'X-Forwarded-Uri: /push?x=1\r\n')).toBe(401);
  });

  test.each([
    ['no path', ['X-Forwarded-Host: a.example.com']],
    ['two paths', [...asked, 'X-Forwarded-Uri: /push?x=1']],
    ['two hosts', [...asked, 'X-Forwarded-Host: a.example.com']],
    ['a host that is not listed', ['X-Forwarded-Host: c.example.com', 'X-Forwarded-Uri: /push?x=1']],
  ])('are mismatched where there is %s', async (_, lines) => {
    expect(await statusFor('https://a.example.com/push?x=1', 'GET /auth HTTP/1.1', lines)).toBe(401);
  });
});

test('a connection is kept for the next question', async () => {
  const { port } = await guardHere();
  const connection = openConnection(port);
  const request = `GET /auth HTTP/1.1\r\nHost: a\r\n${good}\r\n\r\n`;

  for (let i = 0; i < 3; i++) {
    const answer = await connection.exchange(request);
    expect(answer.status).toBe(200);
    expect(answer.headers['connection']).toBe('keep-alive');
  }
  connection.close();
});
