import type { GoogleIdTokenErrorCode } from '@id-token-guard/core';
import { describe, expect, test } from 'vitest';
import { guardOptions, idToken } from '../support/fixtures.ts';
import { expectRefused } from '../support/refusal-table.ts';
import { type Adapter, startService } from '../support/service.ts';

/** Header lines around two good tokens. What is here is written to the socket as it is. */
type Lines = (token: string, otherToken: string) => string[];

/** RFC 9110 §11.4: the scheme is case-insensitive; §5.5: white space around a value does not belong to it. */
const GOOD: Record<string, Lines> = {
  'as everybody writes it': (token) => [`Authorization: Bearer ${token}`],
  'with a lower-case scheme': (token) => [`Authorization: bearer ${token}`],
  'with an upper-case scheme': (token) => [`Authorization: BEARER ${token}`],
  'with several spaces before the token': (token) => [`Authorization: Bearer    ${token}`],
  'with a header name in odd case': (token) => [`aUTHORIZATION: Bearer ${token}`],
  'with a tab before the value': (token) => [`Authorization:\tBearer ${token}`],
  'without a space after the colon': (token) => [`Authorization:Bearer ${token}`],
  'with white space after the token': (token) => [`Authorization: Bearer ${token} \t `],
  'beside credentials for a proxy': (token) => ['Proxy-Authorization: Basic dTpw', `Authorization: Bearer ${token}`],
};

const REFUSED: Partial<Record<GoogleIdTokenErrorCode, Record<string, Lines>>> = {
  request_invalid: {
    'two Bearer headers': (one, other) => [`Authorization: Bearer ${one}`, `Authorization: Bearer ${other}`],
    'two identical headers': (token) => [`Authorization: Bearer ${token}`, `Authorization: Bearer ${token}`],
    'two headers whose names differ by case': (token) => [`authorization: Bearer ${token}`, 'AUTHORIZATION: Bearer x'],
    'Bearer, then Basic': (token) => [`Authorization: Bearer ${token}`, 'Authorization: Basic dTpw'],
    'Basic, then Bearer': (token) => ['Authorization: Basic dTpw', `Authorization: Bearer ${token}`],
    'an empty header, then Bearer': (token) => ['Authorization:', `Authorization: Bearer ${token}`],
    'Bearer, then an empty header': (token) => [`Authorization: Bearer ${token}`, 'Authorization:'],
    'two empty headers': () => ['Authorization:', 'Authorization:'],
    'two headers apart from each other': (token) => [
      `Authorization: Bearer ${token}`,
      'Accept: */*',
      'Authorization: Bearer x',
    ],
    'two credentials in one header': (one, other) => [`Authorization: Bearer ${one}, Bearer ${other}`],
    'Basic and Bearer in one header': (token) => [`Authorization: Basic dTpw, Bearer ${token}`],
    'a comma after the token': (token) => [`Authorization: Bearer ${token},`],
    'the scheme alone': () => ['Authorization: Bearer'],
    'the scheme and spaces': () => ['Authorization: Bearer     '],
    'two words after the scheme': (one, other) => [`Authorization: Bearer ${one} ${other}`],
    'the scheme twice': (token) => [`Authorization: Bearer Bearer ${token}`],
    'a tab between scheme and token': (token) => [`Authorization: Bearer\t${token}`],
    'a no-break space between scheme and token': (token) => [`Authorization: Bearer\xa0${token}`],
    'a no-break space after the token': (token) => [`Authorization: Bearer ${token}\xa0`],
    'a colon after the scheme': (token) => [`Authorization: Bearer: ${token}`],
  },
  token_missing: {
    'no header': () => [],
    'an empty header': () => ['Authorization:'],
    'another scheme': () => ['Authorization: Basic dTpw'],
    'a token without a scheme': (token) => [`Authorization: ${token}`],
    'another scheme that takes tokens': (token) => [`Authorization: DPoP ${token}`],
    'a scheme that begins like Bearer': (token) => [`Authorization: Bearers ${token}`],
    'no space between scheme and token': (token) => [`Authorization: Bearer${token}`],
    'a token in a header that was not chosen': (token) => [`X-Serverless-Authorization: Bearer ${token}`],
    'a token for a proxy': (token) => [`Proxy-Authorization: Bearer ${token}`],
    'a token in a cookie': (token) => [`Cookie: authorization=Bearer ${token}; access_token=${token}`],
  },
  token_malformed: {
    'a token in quotes': (token) => [`Authorization: Bearer "${token}"`],
    'bytes above ASCII in the token': (token) => [`Authorization: Bearer ${token}\xe9`],
  },
};

/** Node.js itself answers these, before any framework sees them: RFC 9112 §5.2 (line folding), RFC 9110 §5.5. */
const STOPPED_BY_NODE: Record<string, Lines> = {
  'a folded line between scheme and token': (token) => ['Authorization: Bearer', ` ${token}`],
  'a folded line after the token': (token) => [`Authorization: Bearer ${token}`, '\tx'],
  'a space before the colon': (token) => [`Authorization : Bearer ${token}`],
  'a NUL in the value': (token) => [`Authorization: Bearer ${token}\0`],
  'a bare carriage return in the value': (token) => [`Authorization: Bearer ${token}\rX-Other: x`],
};

export function describeRequestHeaders<OnRefused>(adapter: Adapter<OnRefused>): void {
  describe('accepts a good token', () => {
    test.each(Object.entries(GOOD))('%s', async (_, lines) => {
      const service = await startService(adapter, guardOptions());

      const answer = await service.get(...lines(...(await twoTokens())));

      expect(answer.status).toBe(200);
      expect(service.handled).toHaveLength(1);
    });
  });

  describe.each(Object.entries(REFUSED))('answers %s to', (code, cases) => {
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
    test.each(Object.entries(STOPPED_BY_NODE))('%s', async (_, lines) => {
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
