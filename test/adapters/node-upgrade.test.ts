/*
 * Upgrades, as of WebSockets, over raw connections: a middleware does not see them.
 */
import {
  type GoogleIdToken,
  GoogleIdTokenError,
  type GoogleIdTokenErrorCode,
  requestUrl,
  writeRefusal,
} from '@id-token-guard/core';
import { requireGoogleIdToken } from '@id-token-guard/node';
import { refusedRequests } from '@id-token-guard/testing';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  authorizationOf,
  codeInHeader,
  createKit,
  hostileFamilies,
  travelsOverHttp,
} from '../core/hostile/catalogue.ts';
import { AUDIENCE, google, guardOptions, idToken, SENDER } from './support/fixtures.ts';
import { handshake, hangUp, startUpgradeService, type UpgradeService } from './support/handshake.ts';
import type { Answer } from './support/raw-http.ts';
import { REFUSAL_TABLE } from './support/refusal-table.ts';
import { watchUnhandled } from './support/unhandled.ts';

const kit = await createKit();

/** Longer heads are refused by Node.js, before there is an upgrade. */
const MAX_HEAD_LENGTH = 16 * 1024;

beforeEach(() => google.answerWith('ok'));

function startGuarded(options = guardOptions()): Promise<UpgradeService> {
  const guard = requireGoogleIdToken(options);
  return startUpgradeService((open) =>
    guard.upgrade((_req, socket, _head, googleIdToken) => open(socket, googleIdToken)),
  );
}

/** The refusal with this code on the connection, which is closed; nothing was opened. */
function expectRefused(service: UpgradeService, { status, headers, body }: Answer, code: GoogleIdTokenErrorCode): void {
  const expected = REFUSAL_TABLE[code];
  expect({
    status,
    challenge: headers['www-authenticate'],
    contentType: headers['content-type'],
    contentLength: headers['content-length'],
    cacheControl: headers['cache-control'],
    connection: headers['connection'],
    retryAfter: headers['retry-after'],
    body,
  }).toStrictEqual({
    ...expected,
    contentType: 'application/json',
    contentLength: `${expected.body.length}`,
    cacheControl: 'no-store',
    connection: 'close',
    retryAfter: code === 'keys_unavailable' ? expect.stringMatching(/^[1-9]\d*$/) : undefined,
  });
  expect(service.opened).toEqual([]);
}

describe('an upgrade', () => {
  test('with a good token is opened, and its handler is told who calls', async () => {
    const service = await startGuarded();

    const answer = await service.try(`Authorization: Bearer ${await idToken()}`);

    expect(answer.status).toBe(101);
    expect(answer.text).toContain('\r\n\r\nopened');
    expect(service.opened.map(({ caller }) => caller)).toEqual([
      { kind: 'service_account', uniqueId: SENDER.sub, email: SENDER.email, projectId: 'my-project' },
    ]);
  });

  test('behind an optional guard is opened without a token, and refused with a bad one', async () => {
    const guard = requireGoogleIdToken({ ...guardOptions(), optional: true });
    const service = await startUpgradeService((open) =>
      guard.upgrade((_req, socket, _head, googleIdToken) => open(socket, googleIdToken as GoogleIdToken)),
    );

    expect((await service.try()).status).toBe(101);
    expect(service.opened.splice(0)).toEqual([undefined]);
    expectRefused(service, await service.try('Authorization: Bearer cut'), 'token_malformed');
    expectRefused(service, await service.try('Authorization: Basic dTpw'), 'token_missing');
  });

  test('is refused with each code of the table, on the connection, which is then closed', async () => {
    for (const { code, headers, jwks } of await refusedRequests(google, { audience: AUDIENCE, claims: SENDER })) {
      const service = await startGuarded();
      google.answerWith(jwks);

      const answer = await service.try(...Object.entries(headers).map(([name, value]) => `${name}: ${value}`));

      expectRefused(service, answer, code);
      await vi.waitFor(async () => expect(await service.openConnections()).toBe(0));
      google.answerWith('ok');
    }
  });

  test('with two tokens is refused', async () => {
    const service = await startGuarded();
    const line = `Authorization: Bearer ${await idToken()}`;

    expectRefused(service, await service.try(line, line), 'request_invalid');
  });

  test('is opened at the URL that its token is for, and nowhere else', async () => {
    const open = (origin: string) => startGuarded({ ...guardOptions(), audience: requestUrl({ origins: [origin] }) });
    const line = async (aud: string) => `Authorization: Bearer ${await idToken({ aud })}`;
    const [own, other] = [await open('https://api.example.com'), await open('https://b.example.com')];

    expect((await own.try(await line('https://api.example.com/feed'))).status).toBe(101);
    expectRefused(other, await other.try(await line('https://api.example.com/feed')), 'audience_mismatch');
    expectRefused(other, await other.try(await line('https://b.example.com/feed')), 'audience_mismatch');
    expect((await own.try(await line('https://api.example.com/other'))).status).toBe(401);
    expect(own.opened).toHaveLength(1);
  });

  test('while keys are down is told to come back, and opened where they are at hand', async () => {
    const warm = await startGuarded();
    const line = `Authorization: Bearer ${await idToken()}`;
    await warm.try(line);
    google.answerWith('outage');
    const cold = await startGuarded();

    expectRefused(cold, await cold.try(line), 'keys_unavailable');
    expect((await warm.try(line)).status).toBe(101);
  });

  test.each(Object.entries(hostileFamilies))('of hostile input is never opened: %s', async (_, inputs) => {
    const service = await startGuarded(kit.options);
    for (const input of inputs) {
      const authorization = await authorizationOf(input, kit);
      const lines = [authorization ?? []].flat().map((value) => `Authorization: ${value}`);
      if (!travelsOverHttp(authorization) || handshake(...lines).length > MAX_HEAD_LENGTH) {
        continue;
      }
      if (input.code === 'key_unknown') {
        kit.passRation();
      }
      const answer = await service.try(...lines);
      expect([input.name, answer.status, JSON.parse(answer.body).code]).toEqual([
        input.name,
        REFUSAL_TABLE[codeInHeader(input, authorization)].status,
        codeInHeader(input, authorization),
      ]);
    }
    expect(service.opened).toEqual([]);
  });

  test('whose client hangs up, in any phase, ends in nothing: no error, no connection, nothing opened on a dead one', async () => {
    const unhandled = watchUnhandled();
    const errors: unknown[] = [];
    const onError = (error: unknown) => void errors.push(error);
    process.on('uncaughtException', onError);
    onTestFinished(() => void process.off('uncaughtException', onError));
    const service = await startGuarded({ ...guardOptions(), callers: slowly });
    const good = handshake(`Authorization: Bearer ${await idToken()}`);
    const texts = [good.slice(0, 40), good.slice(0, -2), good, handshake(), handshake('Authorization: Bearer cut')];

    for (const text of texts) {
      for (const how of ['end', 'destroy', 'reset'] as const) {
        await hangUp(service.port, text, how);
      }
    }

    await vi.waitFor(async () => expect(await service.openConnections()).toBe(0), 5000);
    expect(await unhandled()).toEqual([]);
    expect(errors).toEqual([]);
    expect((await service.try(`Authorization: Bearer ${await idToken()}`)).status).toBe(101);
  });

  test('a thousand at once, good and refused ones, each get their answer, and no connection is left', async () => {
    const service = await startGuarded();
    const line = `Authorization: Bearer ${await idToken()}`;

    const answers = await Promise.all(
      Array.from({ length: 1000 }, (_, i) => service.try(...(i % 2 === 0 ? [line] : []))),
    );

    const count = (status: number) => answers.filter((answer) => answer.status === status).length;
    expect([count(101), count(401), service.opened.length]).toEqual([500, 500, 500]);
    await vi.waitFor(async () => expect(await service.openConnections()).toBe(0), 5000);
  });

  test('may be refused by the application: onRefused gets a response on the connection', async () => {
    const guard = requireGoogleIdToken({
      ...guardOptions(),
      onRefused: async ({ code }, _req, res) => {
        res.writeHead(418, { 'content-type': 'text/plain' });
        res.end(`refused: ${code}`);
      },
    });
    const service = await startUpgradeService((open) =>
      guard.upgrade((_req, socket, _head, googleIdToken) => open(socket, googleIdToken)),
    );

    const { status, headers, body, text } = await service.try();

    expect({ status, connection: headers['connection'] }).toEqual({ status: 418, connection: 'close' });
    expect(text).toContain('refused: token_missing');
    expect(body).not.toBe('');
    expect(service.opened).toEqual([]);
    await vi.waitFor(async () => expect(await service.openConnections()).toBe(0));
  });

  test.each([undefined, null, 0, '', 'route', new Error('broken')])(
    'whose onRefused rejects with %j gets 500, and is closed',
    async (thrown) => {
      const unhandled = watchUnhandled();
      const failures: unknown[] = [];
      const guard = requireGoogleIdToken({ ...guardOptions(), onRefused: () => Promise.reject(thrown) });
      const service = await startUpgradeService((open) =>
        guard.upgrade(
          (_req, socket, _head, googleIdToken) => open(socket, googleIdToken),
          (error, _req, res) => {
            failures.push(error);
            res.writeHead(500, { 'content-length': 0 });
            res.end('');
          },
        ),
      );

      const answer = await service.try();

      expect({ status: answer.status, body: answer.body }).toEqual({ status: 500, body: '' });
      expect(failures).toEqual([expect.any(Error)]);
      expect(service.opened).toEqual([]);
      expect(await unhandled()).toEqual([]);
    },
  );

  test('whose handler fails behind its own answer is closed, without a second answer', async () => {
    const failures: unknown[] = [];
    const guard = requireGoogleIdToken(guardOptions());
    const service = await startUpgradeService(() =>
      guard.upgrade(
        async (_req, socket) => {
          await new Promise((written) => socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n', written));
          throw new Error('half way');
        },
        (error, _req, res) => {
          failures.push(error);
          res.writeHead(500, { 'content-length': 0 });
          res.end('');
        },
      ),
    );

    const { text } = await service.try(`Authorization: Bearer ${await idToken()}`);

    expect(text).toBe('HTTP/1.1 101 Switching Protocols\r\n\r\n');
    expect(failures).toEqual([new Error('half way')]);
  });
});

/** A rule that takes its time, so that a client can hang up meanwhile. */
async function slowly(): Promise<true> {
  await new Promise((resolve) => setTimeout(resolve, 20));
  return true;
}

describe('writeRefusal()', () => {
  test('writes what every adapter answers, and closes', async () => {
    const service = await startUpgradeService(
      () => (_req, socket) => writeRefusal(new GoogleIdTokenError('caller_not_allowed'), socket),
    );

    expectRefused(service, await service.try(), 'caller_not_allowed');
    await vi.waitFor(async () => expect(await service.openConnections()).toBe(0));
  });

  test('throws what is no refusal, and writes nothing', () => {
    const calls: string[] = [];
    const socket = { end: () => calls.push('end'), destroy: () => calls.push('destroy'), on: () => calls.push('on') };
    const fault = new Error('a fault of the service');

    expect(() => writeRefusal(fault, socket)).toThrow(fault);
    expect(calls).toEqual([]);
  });
});
