/*
 * The guard as a proxy in front of the app.
 */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestOptions, request } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { refusedRequests } from '@id-token-guard/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { exchange, openConnection, requestText } from '../adapters/support/raw-http.ts';
import { REFUSAL_TABLE } from '../adapters/support/refusal-table.ts';
import { type App, startApp, valuesOf } from './support/app.ts';
import { AUDIENCE, SENDER } from './support/guard.ts';
import { claims, DEFAULTS, good, google, guardHere, startGuardHere } from './support/world.ts';

let app: App;
let port: number;
let managementUrl: string;

beforeAll(async () => {
  app = await startApp();
  ({ port, managementUrl } = await guardHere({ upstream: app.url, metrics: true }));
});
afterAll(() => app.close());
beforeEach(() => {
  app.received.length = 0;
  app.answerWith(undefined);
});

describe('a refused request', () => {
  test('gets the refusal, and nothing of it reaches the app', async () => {
    let connections = 0;
    const watched = createServer().on('connection', () => connections++);
    await new Promise<void>((resolve) => watched.listen(0, '127.0.0.1', resolve));
    const guard = await guardHere({ upstream: `http://127.0.0.1:${(watched.address() as AddressInfo).port}` });

    for (const { code, headers } of await refusedRequests(google, { audience: AUDIENCE, claims })) {
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
      const answer = await exchange(
        guard.port,
        requestText('POST /a HTTP/1.1', [...lines, 'Content-Length: 1']).concat('a'),
      );
      const expected = REFUSAL_TABLE[code === 'keys_unavailable' ? 'key_unknown' : code];

      expect({ ...answer, text: '' }).toMatchObject({ status: expected.status, body: expected.body });
      expect(answer.headers['www-authenticate']).toBe(expected.challenge);
    }
    expect(connections).toBe(0);
    watched.close();
  });
});

describe('what the app gets', () => {
  test('is method, URL and headers as they came, and who calls', async () => {
    const url = '/a/../b//c/%2e%2E/d;x?q=%20+&q&=&x=[{"a"}]';
    await exchange(port, requestText(`PROPFIND ${url} HTTP/1.1`, [good, 'X-Twice: 1', 'x-twice: 2', 'Cookie: a=b']));

    const [received] = app.received;
    expect(received).toMatchObject({ method: 'PROPFIND', url });
    expect(received?.headers.filter(([name]) => !/^(host|connection|content-length)$/i.test(name))).toEqual([
      good.split(': '),
      ['X-Twice', '1'],
      ['x-twice', '2'],
      ['Cookie', 'a=b'],
      ['X-Forwarded-For', '127.0.0.1'],
      ['X-Google-Caller-Kind', 'service_account'],
      ['X-Google-Caller-Email', SENDER],
      ['X-Google-Caller-Id', expect.stringMatching(/^\d{21}$/)],
      ['X-Google-Audience', AUDIENCE],
    ]);
    expect(valuesOf(received, 'host')).toEqual(['api.example.com']);
  });

  test('has nothing of what is between the client and the guard', async () => {
    const hop = [
      'Connection: close, X-Hop',
      'X-Hop: 1',
      'Keep-Alive: timeout=5',
      'TE: trailers',
      'Proxy-Authorization: a',
    ];
    await exchange(port, ['GET / HTTP/1.1', 'Host: a', good, ...hop, '', ''].join('\r\n'));

    const names = app.received[0]?.headers.map(([name]) => name.toLowerCase());
    expect(names?.filter((name) => /hop|keep-alive|^te$|proxy|upgrade/.test(name))).toEqual([]);
    expect(valuesOf(app.received[0], 'connection')).toEqual(['keep-alive']);
  });

  test('has no identity header but those of the guard, however they are spelt', async () => {
    const spellings = ['X-Google-Caller-Id', 'x_google_caller_id', 'X-Google_Caller-Id', 'X.Google.Audience'];
    await exchange(port, requestText('GET / HTTP/1.1', [good, ...spellings.map((name) => `${name}: forged`)]));

    expect(app.received[0]?.headers.filter(([, value]) => value === 'forged')).toEqual([]);
    expect(valuesOf(app.received[0], 'x-google-audience')).toEqual([AUDIENCE]);
  });

  test('has the addresses on the way, the last one being who asked the guard', async () => {
    await exchange(port, requestText('GET / HTTP/1.1', [good, 'X-Forwarded-For: 192.0.2.1, 192.0.2.2']));

    expect(valuesOf(app.received[0], 'x-forwarded-for')).toEqual(['192.0.2.1, 192.0.2.2, 127.0.0.1']);
  });

  test('is never a whole URL: this is no proxy to elsewhere', async () => {
    const answer = await exchange(port, requestText('GET http://example.com/ HTTP/1.1', [good]));

    expect(answer).toMatchObject({ status: 400, body: expect.stringContaining('"error":"invalid_request"') });
    expect(app.received).toEqual([]);
  });

  test('may be OPTIONS of the whole server', async () => {
    await exchange(port, requestText('OPTIONS * HTTP/1.1', [good]));

    expect(app.received).toEqual([expect.objectContaining({ method: 'OPTIONS', url: '*' })]);
  });

  test.each([
    ['GET', [], undefined],
    ['POST', [], '0'],
    ['DELETE', [], '0'],
    ['DELETE', ['Content-Length: 2'], '2'],
    ['GET', ['Content-Length: 2'], '2'],
  ] as const)('says where the body of %s %j ends', async (method, lines, length) => {
    await exchange(port, requestText(`${method} / HTTP/1.1`, [good, ...lines]).concat(length === '2' ? '{}' : ''));

    expect(valuesOf(app.received[0], 'content-length').join()).toBe(length ?? '');
    expect(app.received[0]?.bytes).toBe(Number(length ?? 0));
  });
});

describe('bodies', () => {
  test('stream to the app and back, piece by piece', async () => {
    app.answerWith((req, res) => {
      res.flushHeaders();
      req.pipe(res);
    });
    const onward = ask({ method: 'POST' });
    onward.write('one');
    const [answer] = (await once(onward, 'response')) as [IncomingMessage];

    expect(String(await once(answer, 'data'))).toBe('one');
    onward.write('two');
    expect(String(await once(answer, 'data'))).toBe('two');
    onward.end('three');
    expect(await text(answer)).toBe('three');
  });

  test('are whole', async () => {
    const body = randomBytes(3_000_000);
    const hash = createHash('sha256').update(body).digest('hex');
    const [answer] = (await once(ask({ method: 'PUT' }).end(body), 'response')) as [IncomingMessage];

    expect(await text(answer)).toBe('{"hello":"app"}');
    expect(app.received).toEqual([expect.objectContaining({ bytes: body.length, sha256: hash })]);
  });

  test('wait for the app to want them, where the client waits', async () => {
    const onward = ask({ method: 'POST', headers: { expect: '100-continue', 'content-length': 5 } });
    onward.flushHeaders();
    await once(onward, 'continue');
    const [answer] = (await once(onward.end('hello'), 'response')) as [IncomingMessage];

    expect(answer.statusCode).toBe(200);
    expect(app.received).toEqual([expect.objectContaining({ bytes: 5 })]);
    expect(valuesOf(app.received[0], 'expect')).toEqual([]);
  });

  test('need not be read by an app that answers at once', async () => {
    app.answerWith((_, res) => void res.writeHead(413).end('too much'));
    const [answer] = (await once(
      ask({ method: 'POST' })
        .on('error', () => {})
        .end(Buffer.alloc(5_000_000)),
      'response',
    )) as [IncomingMessage];

    expect({ status: answer.statusCode, body: await text(answer) }).toEqual({ status: 413, body: 'too much' });
  });
});

describe('what the client gets', () => {
  test('is status, reason, headers and body of the app', async () => {
    app.answerWith((_, res) => {
      res.sendDate = false;
      res
        .writeHead(299, 'Fine So Far', [
          'Set-Cookie',
          'a=1',
          'Set-Cookie',
          'b=2',
          'X-Case',
          'Kept',
          'Content-Length',
          '2',
        ])
        .end('ok');
    });
    const answer = await exchange(port, requestText('GET / HTTP/1.1', [good]));

    expect(answer.text).toMatch(
      /^HTTP\/1\.1 299 Fine So Far\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Case: Kept\r\nContent-Length: 2\r\n/,
    );
    expect(answer.body).toBe('ok');
  });

  test.each([204, 304])('is an answer without body: %i', async (status) => {
    app.answerWith((_, res) => void res.writeHead(status).end());
    const connection = openConnection(port);
    const socket = connect(port, '127.0.0.1');
    socket.write(requestText('GET / HTTP/1.1', [good]));

    expect(await text(socket)).toMatch(new RegExp(`^HTTP/1.1 ${status} [\\s\\S]*\\r\\n\\r\\n$`));
    connection.close();
  });

  test('to HEAD is the head alone', async () => {
    app.answerWith((_, res) => void res.writeHead(200, { 'content-length': 1000 }).end());
    const { status, headers, body } = await exchange(port, requestText('HEAD / HTTP/1.1', [good]));

    expect({ status, length: headers['content-length'], body }).toEqual({ status: 200, length: '1000', body: '' });
  });

  test('breaks off where the app does', async () => {
    app.answerWith((_, res) => {
      res.writeHead(200, { 'content-length': 100 });
      res.write('half', () => res.destroy());
    });
    const [answer] = (await once(ask().end(), 'response')) as [IncomingMessage];

    await expect(buffer(answer)).rejects.toThrow('aborted');
  });
});

describe('an app that does not answer', () => {
  const BAD_GATEWAY =
    '{"error":"bad_gateway","error_description":"The app behind the guard does not answer.","code":"bad_gateway"}';

  test('is 502 where nobody listens, and the metrics tell', async () => {
    const gone = await startApp();
    gone.close();
    const guard = await guardHere({ upstream: gone.url, metrics: true });

    expect(await exchange(guard.port, requestText('GET / HTTP/1.1', [good]))).toMatchObject({
      status: 502,
      body: BAD_GATEWAY,
    });
    expect(await (await fetch(`${guard.managementUrl}/metrics`)).text()).toMatch(
      /^id_token_guard_upstream_failures_total 1$/m,
    );
  });

  test.each(['POST', 'GET'])('is 502 where it hangs up on a %s', async (method) => {
    app.answerWith((req) => req.socket.destroy());

    expect(await exchange(port, requestText(`${method} / HTTP/1.1`, [good]))).toMatchObject({
      status: 502,
      body: BAD_GATEWAY,
    });
    expect(app.received).toHaveLength(1);
  });

  test.each(['HTTP/1.1 099 X', 'HTTP/1.1 200 OK\r\nno header', 'SSH-2.0-x'])(
    'is 502 where it says %j',
    async (line) => {
      const odd = createTcpServer((socket) => socket.on('error', () => {}).end(`${line}\r\n\r\n`));
      await new Promise<void>((resolve) => odd.listen(0, '127.0.0.1', resolve));
      const guard = await guardHere({ upstream: `http://127.0.0.1:${(odd.address() as AddressInfo).port}` });

      expect(await exchange(guard.port, requestText('GET / HTTP/1.1', [good]))).toMatchObject({
        status: 502,
        body: BAD_GATEWAY,
      });
      odd.close();
    },
  );

  test('may take its time', async () => {
    app.answerWith(async (_, res) => {
      await setTimeout(2500); // Longer than connections are kept that nobody uses.
      res.end('late');
    });

    expect(await exchange(port, requestText('GET / HTTP/1.1', [good]))).toMatchObject({ status: 200, body: 'late' });
  });

  test('is asked once more where a kept connection has just been closed, if that is safe', async () => {
    let connections = 0;
    let requests = 0;
    // Answers the first request of a connection, and hangs up on the second.
    const forgetful = createServer((req, res) => {
      const seen = (req.socket as { seen?: boolean }).seen;
      (req.socket as { seen?: boolean }).seen = true;
      requests++;
      if (seen) {
        req.socket.destroy();
      } else {
        res.end('ok');
      }
    }).on('connection', () => connections++);
    await new Promise<void>((resolve) => forgetful.listen(0, '127.0.0.1', resolve));
    const guard = await guardHere({ upstream: `http://127.0.0.1:${(forgetful.address() as AddressInfo).port}` });
    const statusOf = async (method: string) =>
      (await exchange(guard.port, requestText(`${method} / HTTP/1.1`, [good]))).status;

    expect([await statusOf('GET'), await statusOf('GET')]).toEqual([200, 200]);
    expect({ requests, connections }).toEqual({ requests: 3, connections: 2 });
    // The first connection is gone, the second was used once and not kept.
    expect([await statusOf('GET'), await statusOf('POST')]).toEqual([200, 502]);
    expect({ requests, connections }).toEqual({ requests: 5, connections: 3 });
    forgetful.close();
    forgetful.closeAllConnections();
  });
});

test('a client that hangs up ends the request to the app', async () => {
  const closed = new Promise<void>((resolve) => {
    app.answerWith((req) => void req.socket.once('close', () => resolve()));
  });
  const onward = ask().on('error', () => {});
  onward.end();
  await expect.poll(() => app.received).toHaveLength(1);
  onward.destroy();

  await closed;
});

test('all paths are the app’s: those for operators have a port of their own', async () => {
  for (const path of ['/healthz', '/readyz', '/metrics', '/auth', '/nginx-auth']) {
    expect(await exchange(port, requestText(`GET ${path} HTTP/1.1`, []))).toMatchObject({ status: 401 });
    expect(await exchange(port, requestText(`GET ${path} HTTP/1.1`, [good]))).toMatchObject({
      body: '{"hello":"app"}',
    });
  }
  expect((await fetch(`${managementUrl}/healthz`)).status).toBe(200);
  expect((await fetch(`${managementUrl}/auth`)).status).toBe(404);
});

test('the URL of the request may be the audience: its own path and host, whatever X-Forwarded-Host says', async () => {
  const origins = ['https://a.example.com', 'https://b.example.com'];
  const guard = await guardHere({ upstream: app.url, audience: undefined, requestUrl: origins });
  const token = await google.idToken({ ...claims, aud: 'https://a.example.com/push?x=1' });
  const statusOf = async (path: string, host: string, more = '') =>
    (
      await exchange(
        guard.port,
        `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\n${more}\r\n`,
      )
    ).status;

  expect(await statusOf('/push?x=1', 'a.example.com')).toBe(200);
  expect(await statusOf('/push', 'a.example.com')).toBe(401);
  expect(await statusOf('/push?x=1', 'b.example.com')).toBe(401);
  expect(await statusOf('/push?x=1', 'b.example.com', 'X-Forwarded-Host: a.example.com\r\n')).toBe(401);
  expect(await statusOf('/other', 'a.example.com', 'X-Forwarded-Uri: /push?x=1\r\n')).toBe(401);
  expect(app.received).toHaveLength(1);
});

test('another app from the next request on, after a reload', async () => {
  const other = await startApp();
  const guard = await startGuardHere({ upstream: app.url });
  await guard.reload(() => ({ ...DEFAULTS, upstream: other.url }));
  await exchange(guard.port, requestText('GET / HTTP/1.1', [good]));

  expect([app.received.length, other.received.length]).toEqual([0, 1]);
  await guard.close();
  other.close();
});

function ask(options: RequestOptions = {}) {
  const [name = '', value = ''] = good.split(': ');
  return request({ port, agent: false, ...options, headers: { [name]: value, ...options.headers } });
}
