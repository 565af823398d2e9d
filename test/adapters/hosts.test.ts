/*
 * The guard for Express on hosts that end the process, or leave a request without an answer, where a middleware throws or
 * its promise is rejected; and with responses that somebody has wrapped.
 */
import { type AddressInfo, connect } from 'node:net';
import { type CallerRule, createGoogleIdTokenVerifier, type GuardArguments } from '@id-token-guard/core';
import { type OnRefused, requireGoogleIdToken } from '@id-token-guard/express';
import { describe, expect, onTestFinished, test } from 'vitest';
import { google, guardOptions, idToken } from './support/fixtures.ts';
import { HOSTS, type Host, type Middleware } from './support/hosts.ts';
import { type Answer, exchange, requestText } from './support/raw-http.ts';
import { REFUSAL_TABLE } from './support/refusal-table.ts';
import { FAILING, THROWN_VALUES } from './support/thrown-values.ts';
import { watchUnhandled } from './support/unhandled.ts';

/** As `express-ws` and others wrap it: the response itself is not returned. */
const returningNothing: Middleware = (_req, res, next) => {
  const { writeHead } = res;
  res.writeHead = ((...args: Parameters<typeof writeHead>) => {
    writeHead.apply(res, args);
  }) as typeof writeHead;
  next();
};

/** Functions of the application that a guard calls, each failing in place of its work. */
const SOURCES: Readonly<Record<string, (failing: () => never) => GuardArguments<OnRefused>>> = {
  onRefused: (failing) => [{ ...guardOptions(), audience: 'https://another.example.com', onRefused: failing }],
  'a caller rule': (failing) => [{ ...guardOptions(), callers: failing }],
  'a key set': (failing) => [{ ...guardOptions(), keys: { ...google.keySet(), get: failing } }],
  'a verifier that somebody has changed': (failing) => [
    Object.assign(createGoogleIdTokenVerifier(guardOptions()), { authenticate: failing }),
  ],
};

describe.each(HOSTS)('the guard on $name', (host) => {
  test('lets a good token pass', async () => {
    const { get, handled } = await start(host, [requireGoogleIdToken(guardOptions())]);

    const { status } = await get(`Authorization: Bearer ${await idToken()}`);

    expect([status, handled()]).toEqual([200, 1]);
  });

  test('refuses a request without a token, where writeHead returns nothing', async () => {
    const unhandled = watchUnhandled();
    const { get, handled } = await start(host, [returningNothing, requireGoogleIdToken(guardOptions())]);

    const { status, headers, body } = await get();

    const { challenge, ...expected } = REFUSAL_TABLE.token_missing;
    expect({ status, challenge: headers['www-authenticate'], body }).toEqual({ challenge, ...expected });
    expect(handled()).toBe(0);
    expect(await unhandled()).toEqual([]);
  });

  describe.each(Object.entries(SOURCES))('answers, where writeHead returns nothing and %s', (_, guardArguments) => {
    test.each(FAILING)('%s something that is no error', async (_, failing) => {
      const unhandled = watchUnhandled();
      for (const [title, value] of THROWN_VALUES) {
        const guard = requireGoogleIdToken(...guardArguments(failing(value)));
        const { get, handled } = await start(host, [returningNothing, guard]);

        const { status } = await get(`Authorization: Bearer ${await idToken()}`);

        expect([title, status, handled()]).toEqual([title, expect.toSatisfy(isErrorStatus), 0]);
      }
      expect(await unhandled()).toEqual([]);
    });
  });

  test.each(THROWN_VALUES)('answers or hangs up where sending the refusal throws %s', async (_, value) => {
    const unhandled = watchUnhandled();
    // As a listener does that sets headers at the last moment.
    const throwing: Middleware = (_req, res, next) => {
      const { writeHead } = res;
      res.writeHead = () => {
        res.writeHead = writeHead;
        throw value;
      };
      next();
    };
    const { get, handled } = await start(host, [throwing, requireGoogleIdToken(guardOptions())]);

    const { text, status } = await get();

    expect(text === '' || isErrorStatus(status)).toBe(true);
    expect(handled()).toBe(0);
    expect(await unhandled()).toEqual([]);
  });

  test('answers or hangs up where onRefused leaves the answer to the error handling', async () => {
    const unhandled = watchUnhandled();
    const onRefused: OnRefused = (error, _req, _res, next) => next(error);
    const { get, handled } = await start(host, [requireGoogleIdToken({ ...guardOptions(), onRefused })]);

    const { text, status } = await get();

    expect(text === '' || isErrorStatus(status)).toBe(true);
    expect(handled()).toBe(0);
    expect(await unhandled()).toEqual([]);
  });
});

test.each<[string, () => Promise<object>]>([
  ['a refused request', async () => ({})],
  ['a request with a good token', async () => ({ authorization: `Bearer ${await idToken()}` })],
  ['a request that fails', async () => ({ authorization: `Bearer ${await idToken({ sub: 'failing' })}` })],
])(
  'a host gets no promise for %s: restify, for one, goes on to the handler when it is fulfilled',
  async (_, headers) => {
    const callers: CallerRule = ({ claims }) => {
      if (claims.sub === 'failing') {
        throw new Error('no database');
      }
      return true;
    };
    const guard = requireGoogleIdToken({ ...guardOptions(), callers });
    const request = { headers: await headers(), url: '/orders' };
    let returned: unknown;

    await new Promise<void>((resolve) => {
      const response = { writeHead: () => response, end: resolve, socket: null };
      returned = guard(request as never, response as never, () => resolve());
    });

    expect(returned).toBeUndefined();
  },
);

describe.each(HOSTS.filter(({ name }) => !name.startsWith('engine.io')))('the guard on $name', (host) => {
  test.each(THROWN_VALUES)('a handler that throws %s fails by itself, once', async (_, value) => {
    const unhandled = watchUnhandled();
    const behind: Middleware = () => {
      throw value;
    };
    const { get, handled } = await start(host, [requireGoogleIdToken(guardOptions()), behind]);

    const { status } = await get(`Authorization: Bearer ${await idToken()}`);

    // What comes behind a middleware that throws `undefined` or `'route'` is for the host to say.
    expect(handled() === 0 ? isErrorStatus(status) : isExpress(host)).toBe(true);
    expect(await unhandled()).toEqual([]);
  });
});

describe.each(HOSTS.filter(({ name }) => name.startsWith('engine.io')))('the guard on $name', (host) => {
  test('an upgrade without a token is not made, and one with a token is', async () => {
    const unhandled = watchUnhandled();
    const { port, handled } = await start(host, [requireGoogleIdToken(guardOptions())]);
    const upgrade = (...headers: string[]) =>
      [
        'GET /engine.io/?EIO=4&transport=websocket HTTP/1.1',
        'Host: api.example.com',
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        ...headers,
        '',
        '',
      ].join('\r\n');

    // engine.io has no way to answer an upgrade: it hangs up.
    expect(await firstLine(port, upgrade())).toBe('');
    expect(handled()).toBe(0);
    expect(await firstLine(port, upgrade(`Authorization: Bearer ${await idToken()}`))).toContain('101');
    expect(handled()).toBe(1);
    expect(await unhandled()).toEqual([]);
  });
});

/** What a server answers first, or nothing where it hangs up; then this end hangs up. */
function firstLine(port: number, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    socket.setEncoding('latin1');
    socket.once('data', (text) => {
      socket.destroy();
      resolve(`${text}`.split('\r\n')[0] ?? '');
    });
    socket.once('close', () => resolve(''));
    socket.once('error', reject);
  });
}

function isErrorStatus(status: number): boolean {
  return status >= 400 && status <= 599;
}

function isExpress({ name }: Host): boolean {
  return name.startsWith('Express') || name === 'connect';
}

interface Started {
  readonly port: number;
  get(...headerLines: string[]): Promise<Answer>;
  /** How often the handler ran. */
  handled(): number;
}

async function start(host: Host, middlewares: readonly unknown[]): Promise<Started> {
  let count = 0;
  const server = host.createServer(middlewares as readonly Middleware[], () => {
    count += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    get: (...headerLines) => exchange(port, requestText(`GET ${host.path} HTTP/1.1`, headerLines)),
    handled: () => count,
  };
}
