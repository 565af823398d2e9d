import { createHash, randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { Agent, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { createGoogleIdTokenVerifier, createGoogleKeySet, serviceAccount } from '@id-token-guard/core';
import { decodeJwt } from 'jose';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { AUDIENCE, google, SENDER, server, VM_ACCOUNT } from './support/google.ts';
import { raw } from './support/raw-http.ts';
import { describeBody, startTarget, stoppedTarget, type Target } from './support/target.ts';

afterEach(() => google.shiftTime(0));

/** The base URL by which requests reach the target as those of {@link SENDER}, for {@link AUDIENCE}. */
function through({ url }: Pick<Target, 'url'>): string {
  return server.forwardUrl({ target: url, sender: SENDER, audience: AUDIENCE });
}

function pathThrough(target: Pick<Target, 'url'>): string {
  return through(target).slice(server.url.length);
}

function tokenOf(req: IncomingMessage | undefined): string {
  return req?.headers.authorization?.replace(/^Bearer /, '') ?? '';
}

describe('a forwarded request', () => {
  test('is let in by a guarded service: it has a token of the chosen sender and audience', async () => {
    const keys = createGoogleKeySet({ url: server.jwksUrl });
    const verifier = createGoogleIdTokenVerifier({ audience: AUDIENCE, callers: serviceAccount(SENDER), keys });
    const target = await startTarget(async (req, res) => {
      const { caller } = await verifier.authenticate(req.headers);
      res.end(JSON.stringify(caller));
    });

    const answer = await fetch(`${through(target)}/push`, { method: 'POST', body: '{"message":{}}' });

    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ kind: 'service_account', email: SENDER });
  });

  test('has a fresh token each time', async () => {
    const target = await startTarget();

    await fetch(through(target));
    google.shiftTime(60);
    await fetch(through(target));

    const [first, second] = target.requests.map((req) => decodeJwt(tokenOf(req)).iat ?? 0);
    expect(second).toBeGreaterThan(first ?? 0);
  });

  test('has by default the full target URL as audience, as the tokens of Google services have', async () => {
    const target = await startTarget();
    const base = server.forwardUrl({ target: `${target.url}/push/`, sender: VM_ACCOUNT });

    await fetch(`${base}/orders?token=a%20b`);

    expect(target.requests[0]?.url).toBe('/push/orders?token=a%20b');
    expect(decodeJwt(tokenOf(target.requests[0]))).toMatchObject({
      aud: `${target.url}/push/orders?token=a%20b`,
      email: VM_ACCOUNT,
      email_verified: true,
    });
  });

  test('has one Authorization: what came in is replaced', async () => {
    const target = await startTarget();

    await raw({ path: pathThrough(target), headers: { authorization: 'Basic dTpw' } });

    expect(target.requests[0]?.headersDistinct['authorization']).toEqual([expect.stringMatching(/^Bearer ey/)]);
  });

  test.each([
    '/a//b/../c',
    '/a%2Fb%3Fc',
    '/?a=b&c=%20&&',
    '?a=b',
    '',
    '/:colon@at',
    '/https://other.example.com/x?y=http://z',
  ])('keeps its path and query byte for byte: %j', async (rest) => {
    const target = await startTarget();

    const { headers } = await raw({ path: `${pathThrough(target)}${rest}` });

    expect(headers['x-url']).toBe(rest.startsWith('/') ? rest : `/${rest}`);
  });

  test.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'])(
    'keeps its method: %s',
    async (method) => {
      const target = await startTarget();

      expect(await raw({ method, path: pathThrough(target) })).toMatchObject({
        status: 200,
        headers: { 'x-method': method },
        body: '',
      });
    },
  );

  test('keeps its headers, but for those that are meant for this hop, and gets the Host of the target', async () => {
    const target = await startTarget();

    await raw({
      path: pathThrough(target),
      headers: {
        'X-Goog-Pubsub-Message-Id': '1',
        Cookie: 'a=1; b=2',
        Twice: ['one', 'two'],
        'User-Agent': 'CloudPubSub-Google',
        Connection: 'close, X-Hop',
        'X-Hop': 'dropped',
        'Keep-Alive': 'timeout=5',
        'Proxy-Authorization': 'Basic dTpw',
        'Proxy-Connection': 'keep-alive',
        TE: 'trailers',
        Upgrade: 'h2c',
      },
    });

    const [req] = target.requests;
    expect(req?.headersDistinct).toStrictEqual({
      __proto__: null,
      host: [target.host],
      'x-goog-pubsub-message-id': ['1'],
      cookie: ['a=1; b=2'],
      twice: ['one', 'two'],
      'user-agent': ['CloudPubSub-Google'],
      authorization: [expect.any(String)],
      connection: ['keep-alive'],
    });
    expect(req?.rawHeaders).toContain('X-Goog-Pubsub-Message-Id');
  });

  test('may wait for leave to send its body: Expect is answered here', async () => {
    const target = await startTarget(describeBody);
    const upload = request(through(target), { method: 'POST', headers: { expect: '100-continue' } });
    upload.flushHeaders();

    await once(upload, 'continue');
    upload.end('hello');

    const [answer] = (await once(upload, 'response')) as [IncomingMessage];
    expect(await text(answer)).toContain('"hello"');
    expect(target.requests[0]?.headers).not.toHaveProperty('expect');
  });
});

describe('a forwarded body', () => {
  test('of known length keeps its length', async () => {
    const target = await startTarget(describeBody);

    const answer = await raw({ method: 'POST', path: pathThrough(target), headers: { 'content-length': 5 } }, 'hello');

    expect(JSON.parse(answer.body)).toStrictEqual({ body: 'hello', length: '5' });
  });

  test.each(['POST', 'DELETE', 'GET'])('in chunks stays in chunks, with %s too', async (method) => {
    const target = await startTarget(describeBody);
    const options = { method, path: pathThrough(target), headers: { 'transfer-encoding': 'chunked' } };

    const answer = await raw(options, 'hello');

    expect(JSON.parse(answer.body)).toStrictEqual({ body: 'hello', encoding: 'chunked' });
    expect(target.requests).toHaveLength(1);
  });

  test('keeps its length even where the client says that the length is for this hop only', async () => {
    const target = await startTarget(describeBody);
    const headers = { 'content-length': 5, connection: 'close, content-length, authorization, host' };

    const answer = await raw({ method: 'DELETE', path: pathThrough(target), headers }, 'hello');

    expect(JSON.parse(answer.body)).toStrictEqual({ body: 'hello', length: '5' });
    expect(target.requests.map(({ headers: { host } }) => host)).toEqual([target.host]);
  });

  test('that is none is none', async () => {
    const target = await startTarget(describeBody);

    const post = await raw({ method: 'POST', path: pathThrough(target) });
    const get = await raw({ path: pathThrough(target) });

    expect(JSON.parse(post.body)).toStrictEqual({ body: '', length: '0' });
    expect(JSON.parse(get.body)).toStrictEqual({ body: '' });
  });

  test('of many megabytes arrives whole, both ways', async () => {
    const target = await startTarget();
    const body = randomBytes(24 * 1024 * 1024);

    const answer = await fetch(through(target), { method: 'POST', body });

    const received = Buffer.from(await answer.arrayBuffer());
    expect(received.length).toBe(body.length);
    expect(sha256(received)).toBe(sha256(body));
  });

  test('streams both ways: each chunk arrives before the next is sent', async () => {
    const target = await startTarget();
    const upload = request(through(target), { method: 'POST' });
    upload.write('chunk 0');
    const [answer] = (await once(upload, 'response')) as [IncomingMessage];
    answer.setEncoding('utf8');
    const echoed: string[] = [];

    for (const next of ['chunk 1', 'chunk 2', undefined]) {
      const [chunk] = await once(answer, 'data');
      echoed.push(chunk);
      upload[next === undefined ? 'end' : 'write'](next);
    }

    await once(answer, 'end');
    expect(echoed).toEqual(['chunk 0', 'chunk 1', 'chunk 2']);
  });

  test('that the target does not read does not hide its answer', async () => {
    const target = await startTarget((_, res) => res.writeHead(401).end('no'));

    const answer = await fetch(through(target), { method: 'POST', body: Buffer.alloc(4 * 1024 * 1024) });

    expect([answer.status, await answer.text()]).toEqual([401, 'no']);
  });
});

describe('a forwarded answer', () => {
  test('keeps status, reason and headers, in their order and spelling, and gets none', async () => {
    const target = await startTarget((_, res) => {
      res.sendDate = false;
      res
        .writeHead(429, 'Slow Down', [
          'Retry-After',
          '7',
          'Set-Cookie',
          'a=1',
          'Set-Cookie',
          'b=2',
          'Content-Type',
          'text/plain',
          'Access-Control-Allow-Origin',
          '*',
          'Content-Length',
          '5',
          'Connection',
          'close, X-Hop',
          'X-Hop',
          'dropped',
        ])
        .end('later');
    });

    const [answer] = (await once(request(through(target)).end(), 'response')) as [IncomingMessage];

    expect([answer.statusCode, answer.statusMessage]).toEqual([429, 'Slow Down']);
    expect(await text(answer)).toBe('later');
    expect(answer.rawHeaders.join('|')).toMatch(
      /^Retry-After\|7\|Set-Cookie\|a=1\|Set-Cookie\|b=2\|Content-Type\|text\/plain\|Access-Control-Allow-Origin\|\*\|Content-Length\|5\|Connection\|[^|]+(\|Keep-Alive\|[^|]+)?$/,
    );
  });

  test.each([204, 304])('without body stays without: %i', async (status) => {
    const target = await startTarget((_, res) => res.writeHead(status, { etag: '"1"' }).end());

    const answer = await raw({ path: pathThrough(target) });

    expect(answer).toMatchObject({ status, body: '', headers: { etag: '"1"' } });
    expect(answer.headers).not.toHaveProperty('transfer-encoding');
  });

  test('to HEAD tells the length of what GET would get', async () => {
    const target = await startTarget((_, res) => res.writeHead(200, { 'content-length': 12_345 }).end());

    const answer = await raw({ method: 'HEAD', path: pathThrough(target) });

    expect(answer).toMatchObject({ status: 200, headers: { 'content-length': '12345' }, body: '' });
  });

  test('that is compressed stays compressed', async () => {
    const zipped = gzipSync('hello');
    const target = await startTarget((_, res) => res.writeHead(200, { 'content-encoding': 'gzip' }).end(zipped));

    const [answer] = (await once(request(through(target)).end(), 'response')) as [IncomingMessage];

    expect(Buffer.concat(await answer.toArray())).toEqual(zipped);
  });

  test('that redirects is not followed', async () => {
    const target = await startTarget((_, res) => res.writeHead(302, { location: 'http://127.0.0.1:1/' }).end());

    expect(await raw({ path: pathThrough(target) })).toMatchObject({
      status: 302,
      headers: { location: 'http://127.0.0.1:1/' },
    });
    expect(target.requests).toHaveLength(1);
  });

  test('arrives with its headers before there is a body', async () => {
    let end = () => {};
    const target = await startTarget((_, res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      end = () => res.end('data: 1\n\n');
    });

    const answer = await fetch(through(target));
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    end();

    expect(await answer.text()).toBe('data: 1\n\n');
  });

  test('keeps its trailers, as the request does', async () => {
    const target = await startTarget(async (req, res) => {
      await text(req);
      res.writeHead(200, { trailer: 'Checksum' }).write('hello');
      res.addTrailers({ Checksum: String(req.trailers['checksum']), Connection: 'close' });
      res.end();
    });
    const upload = request(through(target), { method: 'POST', headers: { 'transfer-encoding': 'chunked' } });
    upload.addTrailers({ Checksum: '42', Authorization: 'Basic dTpw' });
    upload.end('hello');

    const [answer] = (await once(upload, 'response')) as [IncomingMessage];

    expect(await text(answer)).toBe('hello');
    expect(answer.rawTrailers).toEqual(['Checksum', '42']);
    expect(target.requests[0]?.rawTrailers).toEqual(['Checksum', '42']);
  });

  test('that breaks off breaks off for the client too, instead of looking whole', async () => {
    const target = await startTarget((_, res) => {
      res.writeHead(200).write('half of it');
      setImmediate(() => res.destroy());
    });

    const answer = await fetch(through(target));

    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow(TypeError);
  });
});

describe('the forwarder', () => {
  test('says that the target is down: 502', async () => {
    const host = await stoppedTarget();

    const answer = await fetch(through({ url: `http://${host}` }), { method: 'POST', body: 'hello' });

    expect(answer.status).toBe(502);
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await answer.text()).toBe(`The target http://${host} does not answer: connect ECONNREFUSED ${host}.\n`);
  });

  test('says that the target is down where it has two addresses: 502', async () => {
    const host = (await stoppedTarget()).replace('127.0.0.1', 'localhost');

    const answer = await fetch(through({ url: `http://${host}` }));

    expect(answer.status).toBe(502);
    expect(await answer.text()).toMatch(/^The target http:\/\/localhost:\d+ does not answer: .*ECONNREFUSED.*\.\n$/);
  });

  test('says that the target has hung up without an answer: 502', async () => {
    const target = await startTarget((req) => req.destroy());

    const answer = await fetch(through(target));

    expect(answer.status).toBe(502);
    expect(await answer.text()).toBe(`The target ${target.url} does not answer: socket hang up.\n`);
  });

  test('reads the rest of a body that the target does not want, so that the connection can be used again', async () => {
    const target = await startTarget((req) => req.destroy());
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    const options = { method: 'POST', path: pathThrough(target), agent };
    const body = 'x'.repeat(16 * 1024 * 1024);

    expect(await raw(options, body)).toMatchObject({ status: 502 });
    expect(await raw(options, body)).toMatchObject({ status: 502 });
  });

  test('lives on where a target breaks off both its answer and the body that it gets', async () => {
    const target = await startTarget((req, res) => {
      res.writeHead(200).write('half of it');
      req.on('data', (chunk: Buffer) => String(chunk) !== 'begin' && req.destroy());
    });
    const upload = request(through(target), { method: 'POST', agent: false }).on('error', () => {});
    upload.write('begin');
    const [answer] = (await once(upload, 'response')) as [IncomingMessage];

    upload.end('x'.repeat(16 * 1024 * 1024));

    await expect(text(answer)).rejects.toThrow('aborted');
    expect((await fetch(server.jwksUrl)).status).toBe(200);
  });

  test('gives up on the target where the client does', async () => {
    const arrivals = new EventEmitter<{ arrived: [ServerResponse] }>();
    const target = await startTarget((_, res) => arrivals.emit('arrived', res));
    const client = request(through(target)).on('error', () => {});
    client.end();
    const [answer] = await once(arrivals, 'arrived');

    client.destroy();

    await once(answer, 'close');
    expect(answer.headersSent).toBe(false);
  });
});

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
