import type { GoogleIdTokenErrorCode } from '@id-token-guard/core';
import { describe, expect, test } from 'vitest';
import { guardOptions, idToken } from '../support/fixtures.ts';
import { GOOD_LINES, type Lines, REFUSED_LINES, STOPPED_LINES } from '../support/header-lines.ts';
import { expectRefused } from '../support/refusal-table.ts';
import { type Adapter, startService } from '../support/service.ts';

export function describeRequestHeaders<OnRefused>(adapter: Adapter<OnRefused>): void {
  describe('accepts a good token', () => {
    test.each(Object.entries(GOOD_LINES))('%s', async (_, lines) => {
      const service = await startService(adapter, guardOptions());

      const answer = await service.get(...lines(...(await twoTokens())));

      expect(answer.status).toBe(200);
      expect(service.handled).toHaveLength(1);
    });
  });

  describe.each(Object.entries(REFUSED_LINES))('answers %s to', (code, cases) => {
    test.each(Object.entries(cases))('%s', async (_, lines) => {
      const service = await startService(adapter, guardOptions());

      const answer = await service.get(...lines(...(await twoTokens())));

      expectRefused(service, answer, code as GoogleIdTokenErrorCode);
    });
  });

  test('a token in the query or in the body does not count', async () => {
    const service = await startService(adapter, guardOptions());
    const token = await idToken();
    const body = `access_token=${token}`;

    const answer = await service.send(
      [
        `POST /orders?access_token=${token} HTTP/1.1`,
        'Host: api.example.com',
        'Connection: close',
        'Content-Type: application/x-www-form-urlencoded',
        `Content-Length: ${body.length}`,
        '',
        body,
      ].join('\r\n'),
    );

    expectRefused(service, answer, 'token_missing');
  });

  describe('never sees, since Node.js answers 400 to it,', () => {
    test.each(Object.entries(STOPPED_LINES))('%s', async (_, lines) => {
      const service = await startService(adapter, guardOptions());

      const answer = await service.get(...lines(...(await twoTokens())));

      expect(answer.status).toBe(400);
      expect(service.handled).toEqual([]);
    });
  });

  test('never sees a header of more than 16 KiB, since Node.js answers 431 to it', async () => {
    const service = await startService(adapter, guardOptions());

    const answer = await service.get(`Authorization: Bearer ${'a'.repeat(16 * 1024)}`);

    expect(answer.status).toBe(431);
    expect(service.handled).toEqual([]);
  });

  describe("with header: 'x-serverless-authorization'", () => {
    const options = () => ({ ...guardOptions(), header: 'x-serverless-authorization' as const });

    test.each<[string, Lines]>([
      ['alone', (token) => [`X-Serverless-Authorization: Bearer ${token}`]],
      [
        'beside another credential in authorization',
        (token) => ['Authorization: Basic dTpw', `X-Serverless-Authorization: Bearer ${token}`],
      ],
      [
        'beside two authorization headers',
        (token) => [
          'Authorization: Bearer x',
          'Authorization: Bearer y',
          `X-Serverless-Authorization: Bearer ${token}`,
        ],
      ],
    ])('accepts a good token there, %s', async (_, lines) => {
      const service = await startService(adapter, options());

      const answer = await service.get(...lines(...(await twoTokens())));

      expect(answer.status).toBe(200);
      expect(service.handled).toHaveLength(1);
    });

    test.each<[GoogleIdTokenErrorCode, string, Lines]>([
      ['token_missing', 'a good token in authorization', (token) => [`Authorization: Bearer ${token}`]],
      [
        'token_missing',
        'a good token in authorization and an empty header',
        (token) => [`Authorization: Bearer ${token}`, 'X-Serverless-Authorization:'],
      ],
      [
        'token_malformed',
        'a good token in authorization and a bad one there',
        (token) => [`Authorization: Bearer ${token}`, 'X-Serverless-Authorization: Bearer cut'],
      ],
      [
        'request_invalid',
        'two such headers',
        (one, other) => [`X-Serverless-Authorization: Bearer ${one}`, `X-Serverless-Authorization: Bearer ${other}`],
      ],
      [
        'request_invalid',
        'one such header with a comma',
        (one, other) => [`X-Serverless-Authorization: Bearer ${one}, Bearer ${other}`],
      ],
    ])('answers %s to %s', async (code, _, lines) => {
      const service = await startService(adapter, options());

      const answer = await service.get(...lines(...(await twoTokens())));

      expectRefused(service, answer, code);
    });
  });

  test('with the default header, a bad token in x-serverless-authorization does no harm', async () => {
    const service = await startService(adapter, guardOptions());

    const answer = await service.get(
      `Authorization: Bearer ${await idToken()}`,
      'X-Serverless-Authorization: Bearer cut',
    );

    expect(answer.status).toBe(200);
    expect(service.handled).toHaveLength(1);
  });
}

async function twoTokens(): Promise<[string, string]> {
  return [await idToken(), await idToken({ nonce: 'another token of the same account' })];
}
