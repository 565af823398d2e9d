import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type GoogleIdTokenVerifierOptions, requestUrl } from '@id-token-guard/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { guardOptions, idToken } from '../support/fixtures.ts';
import { type Answer, exchange } from '../support/raw-http.ts';
import { expectRefused } from '../support/refusal-table.ts';
import { type Adapter, type Service, startService } from '../support/service.ts';

const A = 'https://a.example.com';
const origins = [A, 'https://b.example.com', 'https://[::1]:8443'];

interface Sent {
  /** The request target, as it stands in the first line. */
  readonly target: string;
  /** Lines in place of `Host: a.example.com`. */
  readonly lines?: readonly string[];
}

const host = (value: string, ...more: string[]) => [`Host: ${value}`, ...more];
const forwarded = host('10.0.0.5:3000', 'X-Forwarded-Host: a.example.com');

/** A token for the URL, and requests that it is good or not good for. */
const PUSH = `${A}/push/a%20b?x=1&y=%C3%BC`;

const GOOD: Record<string, Sent> = {
  'its own URL': { target: '/push/a%20b?x=1&y=%C3%BC' },
  'the host in upper case': { target: '/push/a%20b?x=1&y=%C3%BC', lines: host('A.Example.COM') },
  'a forwarded host that counts for nothing': {
    target: '/push/a%20b?x=1&y=%C3%BC',
    lines: host('a.example.com', 'X-Forwarded-Host: b.example.com'),
  },
};

const REFUSED: Record<string, Sent> = {
  'another tenant': { target: '/push/a%20b?x=1&y=%C3%BC', lines: host('b.example.com') },
  'another path': { target: '/pull/a%20b?x=1&y=%C3%BC' },
  'another spelling of the path': { target: '/push/%61%20b?x=1&y=%C3%BC' },
  'a trailing slash': { target: '/push/a%20b/?x=1&y=%C3%BC' },
  'another query': { target: '/push/a%20b?x=2&y=%C3%BC' },
  'another order of the query': { target: '/push/a%20b?y=%C3%BC&x=1' },
  'no query': { target: '/push/a%20b' },
  'a host that is not listed': { target: '/push/a%20b?x=1&y=%C3%BC', lines: host('c.example.com') },
  'a forwarded host that is not trusted': { target: '/push/a%20b?x=1&y=%C3%BC', lines: forwarded },
};

/** Servers of Web requests refuse some of these themselves, with 400. */
const ODD: Record<string, Sent> = {
  'a trailing dot': { target: '/push/a%20b?x=1&y=%C3%BC', lines: host('a.example.com.') },
  'another port': { target: '/push/a%20b?x=1&y=%C3%BC', lines: host('a.example.com:8443') },
  'a path in the host': { target: '/a%20b?x=1&y=%C3%BC', lines: host('a.example.com/push') },
  'a fragment in the host': { target: '/push/a%20b?x=1&y=%C3%BC', lines: host('a.example.com#') },
  'a query in the host': { target: '/push/a%20b?x=1&y=%C3%BC', lines: host('a.example.com?') },
  'a user in the host': { target: '/push/a%20b?x=1&y=%C3%BC', lines: host('user@a.example.com') },
  'two hosts in a line': { target: '/push/a%20b?x=1&y=%C3%BC', lines: host('a.example.com, b.example.com') },
  'two lines with a host': { target: '/push/a%20b?x=1&y=%C3%BC', lines: host('a.example.com', 'Host: b.example.com') },
  'the same host in two lines': {
    target: '/push/a%20b?x=1&y=%C3%BC',
    lines: host('a.example.com', 'Host: a.example.com'),
  },
  'an empty host': { target: '/push/a%20b?x=1&y=%C3%BC', lines: ['Host:'] },
  'another host in the first line': {
    target: 'http://a.example.com/push/a%20b?x=1&y=%C3%BC',
    lines: host('b.example.com'),
  },
  'another host beside that of the first line': {
    target: 'http://b.example.com/push/a%20b?x=1&y=%C3%BC',
    lines: host('a.example.com'),
  },
};

export function describeRequestUrl<OnRefused>(adapter: Adapter<OnRefused>): void {
  describe('with an audience that is the URL of the request', () => {
    const start = (trustForwarded?: boolean) =>
      startService(adapter, { ...guardOptions(), audience: requestUrl({ origins, trustForwarded }) });

    test.each(Object.entries(GOOD))('lets a token pass that was sent to %s', async (_, sent) => {
      const service = await start();
      const token = await idToken({ aud: PUSH });

      for (const time of [1, 2]) {
        expect((await send(service, token, sent)).status).toBe(200);
        expect(service.handled).toHaveLength(time);
      }
    });

    test.each(Object.entries(REFUSED))('refuses a token, new or remembered, that was sent to %s', async (_, sent) => {
      const [fresh, remembering] = [await start(), await start()];
      const token = await idToken({ aud: PUSH });

      expectRefused(fresh, await send(fresh, token, sent), 'audience_mismatch');

      expect((await send(remembering, token, { target: '/push/a%20b?x=1&y=%C3%BC' })).status).toBe(200);
      const answer = await send(remembering, token, sent);
      expect(remembering.handled).toHaveLength(1);
      expectRefused({ ...remembering, handled: [] }, answer, 'audience_mismatch');
    });

    test.each(Object.entries(ODD))('lets nothing pass with %s', async (_, sent) => {
      const service = await start();

      const answer = await send(service, await idToken({ aud: PUSH }), sent);

      expect(answer.status).toBeOneOf([400, 401]);
      expect(service.handled).toEqual([]);
      expect(service.failures).toEqual([]);
    });

    test('takes the host that a proxy tells where that is trusted, and no other then', async () => {
      const service = await start(true);
      const token = await idToken({ aud: PUSH });
      const target = '/push/a%20b?x=1&y=%C3%BC';

      expect((await send(service, token, { target, lines: forwarded })).status).toBe(200);
      expect((await send(service, token, { target })).status).toBe(200);
      for (const others of ['b.example.com', 'c.example.com', 'a.example.com, b.example.com', 'a.example.com:80', '']) {
        const lines = host('a.example.com', `X-Forwarded-Host: ${others}`);
        expect((await send(service, token, { target, lines })).status).toBe(401);
      }
      expect(service.handled).toHaveLength(2);
    });

    test('lets a token pass at an IPv6 literal with a port', async () => {
      const service = await start();
      const token = await idToken({ aud: 'https://[::1]:8443/push' });

      expect((await send(service, token, { target: '/push', lines: host('[::1]:8443') })).status).toBe(200);
      expect((await send(service, token, { target: '/push', lines: host('[::1]') })).status).toBe(401);
    });

    test('lets a token pass at the root, however the sender writes it', async () => {
      const service = await start();

      for (const aud of [A, `${A}/`]) {
        expect((await send(service, await idToken({ aud }), { target: '/' })).status).toBe(200);
      }
    });
  });
}

function send(service: Service, token: string, { target, lines = host('a.example.com') }: Sent): Promise<Answer> {
  const head = [`GET ${target} HTTP/1.1`, ...lines, 'Connection: close', `Authorization: Bearer ${token}`];
  return service.send([...head, '', ''].join('\r\n'));
}

/** An app with the guard somewhere below a mount point, where `/api/v1/push?x=1` leads to. */
export function expectPublicUrl(
  createServer: (options: GoogleIdTokenVerifierOptions) => Server | Promise<Server>,
): void {
  test('the path of a mount point belongs to the URL of the request', async () => {
    const server = await createServer({ ...guardOptions(), audience: requestUrl({ origins }) });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
    const statusOf = async (aud: string) => {
      const head = ['Host: a.example.com', 'Connection: close', `Authorization: Bearer ${await idToken({ aud })}`];
      const text = ['GET /api/v1/push?x=1 HTTP/1.1', ...head, '', ''].join('\r\n');
      return (await exchange((server.address() as AddressInfo).port, text)).status;
    };

    expect(await statusOf(`${A}/api/v1/push?x=1`)).toBe(200);
    for (const path of ['/v1/push?x=1', '/push?x=1', '/?x=1', '/api/v1/push', '/api/v1']) {
      expect(await statusOf(A + path)).toBe(401);
    }
  });
}
