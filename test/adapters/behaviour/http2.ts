import { connect, type Http2Server, type ServerSessionOptions } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { type GoogleIdTokenVerifierOptions, requestUrl } from '@id-token-guard/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { guardOptions, idToken, SENDER } from '../support/fixtures.ts';
import { REFUSAL_TABLE } from '../support/refusal-table.ts';

/** Makes an app behind a guard that answers with the subject of the token, over HTTP/2 without TLS. */
export type CreateHttp2Server = (options: GoogleIdTokenVerifierOptions) => Http2Server | Promise<Http2Server>;

/** For frameworks that speak HTTP/2: the requests of Node.js are other objects there, with other members. */
export function describeHttp2(name: string, createServer: CreateHttp2Server): void {
  describe(`the guard for ${name}, over HTTP/2`, () => {
    test('lets a good token pass', async () => {
      const get = await start(await createServer(guardOptions()));

      const answer = await get('authorization', `Bearer ${await idToken()}`);

      expect(answer).toEqual({ status: 200, body: SENDER.sub });
    });

    test('refuses a request without a token', async () => {
      const get = await start(await createServer(guardOptions()));

      const answer = await get();

      expect(answer).toEqual({ status: 401, body: REFUSAL_TABLE.token_missing.body });
    });

    test.each([
      ['a good one and a bad one', (token: string) => [token, 'cut']],
      ['a bad one and a good one', (token: string) => ['cut', token]],
      ['identical ones', (token: string) => [token, token]],
    ])('refuses two headers: %s', async (_, tokens) => {
      const get = await start(await createServer(guardOptions()));

      const headers = tokens(await idToken()).flatMap((token) => ['authorization', `Bearer ${token}`]);
      const answer = await get(...headers);

      expect(answer).toEqual({ status: 400, body: REFUSAL_TABLE.request_invalid.body });
    });

    test.each<[string, string[], number]>([
      ['lets a token pass at its own URL', [':authority', 'a.example.com'], 200],
      ['and where a host beside it is the same', [':authority', 'a.example.com', 'host', 'a.example.com'], 200],
      ['but not at that of another tenant', [':authority', 'b.example.com'], 401],
      ['nor where host and authority differ', [':authority', 'a.example.com', 'host', 'b.example.com'], 401],
      ['nor where authority and host differ', [':authority', 'b.example.com', 'host', 'a.example.com'], 401],
      ['nor at a port of its own', [':authority', 'a.example.com:8443'], 401],
    ])('with an audience that is the URL of the request %s', async (_, headers, status) => {
      const audience = requestUrl({ origins: ['https://a.example.com', 'https://b.example.com'] });
      const get = await start(await createServer({ ...guardOptions(), audience }));
      const authorization = `Bearer ${await idToken({ aud: 'https://a.example.com/orders' })}`;

      const answer = await get(...headers, 'authorization', authorization);

      expect(answer).toEqual({
        status,
        body: status === 200 ? SENDER.sub : REFUSAL_TABLE.audience_mismatch.body,
      });
    });
  });
}

/** Lets the client send a header twice that must be there once; @types/node knows the option for servers only. */
const LENIENT: ServerSessionOptions = { strictSingleValueFields: false };

interface Answer {
  readonly status: number | undefined;
  readonly body: string;
}

/** Starts the server until the end of the test; what it returns sends a request with headers as name, value, name, value. */
async function start(server: Http2Server): Promise<(...headers: string[]) => Promise<Answer>> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, LENIENT);
  onTestFinished(async () => {
    session.close();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });

  return (...headers) =>
    new Promise((resolve, reject) => {
      const stream = session.request([':path', '/orders', ...headers]);
      let status: number | undefined;
      let body = '';
      stream.setEncoding('utf8');
      stream.on('response', (answer) => {
        status = answer[':status'];
      });
      stream.on('data', (chunk) => {
        body += chunk;
      });
      stream.on('end', () => resolve({ status, body }));
      stream.on('error', reject);
    });
}
