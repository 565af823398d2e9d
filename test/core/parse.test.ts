/*
 * What is a token at all, before any key is asked for. The tokens here need no signature: nobody has looked at it yet.
 * The many ways in which a token can be malformed stand in the catalogue under hostile/.
 */
import type { GoogleIdTokenErrorCode } from '@id-token-guard/core';
import { describe, expect, test } from 'vitest';
import { parseToken } from '../../packages/core/src/parse.ts';
import { refusalOf } from './refusal-of.ts';

const HEADER = { alg: 'RS256', kid: 'key-1', typ: 'JWT' };
const CLAIMS = { iss: 'https://accounts.google.com', aud: 'https://api.example.com', sub: '1' };
const SIGNATURE = encode('a signature');

describe('takes apart', () => {
  test('a token, and keeps what is signed exactly as it came', () => {
    const token = compact(HEADER, CLAIMS);

    const { signature, ...parsed } = parseToken(token);

    expect(parsed).toStrictEqual({
      header: HEADER,
      unverifiedClaims: CLAIMS,
      kid: 'key-1',
      signedText: `${encode(HEADER)}.${encode(CLAIMS)}`,
    });
    expect(Buffer.from(signature).toString()).toBe('a signature');
  });

  test.each([
    ['without "typ", which Google sends and nobody needs', { alg: 'RS256', kid: 'key-1' }],
    ['with another "typ"', { ...HEADER, typ: 'at+jwt' }],
    ['whose header brings keys of its own, which nobody looks at', { ...HEADER, jwk: {}, jku: 'https://example.com' }],
    ['whose key id is any text', { ...HEADER, kid: '../😀"\n' }],
  ])('a token %s', (_, header) => {
    const { kid, header: parsed } = parseToken(compact(header, CLAIMS));

    expect(kid).toBe(header.kid);
    expect(parsed).toStrictEqual(header);
  });

  test.each([
    ['nothing', {}],
    ['claims of any type: they are judged once the signature is', { iss: 1, aud: null, exp: 'soon' }],
    ['text beyond ASCII', { name: 'Zoë 😀' }],
    ['numbers as JSON has them', { google: { compute_engine: { project_number: 1071284184436 } } }],
  ])('a token whose payload has %s', (_, claims) => {
    expect(parseToken(compact(HEADER, claims)).unverifiedClaims).toStrictEqual(claims);
  });

  test('JSON with white space, as some libraries write it', () => {
    const token = compact(JSON.stringify(HEADER, null, 2), ` ${JSON.stringify(CLAIMS)}\n`);

    expect(parseToken(token)).toMatchObject({ header: HEADER, unverifiedClaims: CLAIMS });
  });

  test('a token without a signature: whether it is good is not decided here', () => {
    expect(parseToken(`${encode(HEADER)}.${encode(CLAIMS)}.`).signature).toHaveLength(0);
  });

  test('a token of 16 KiB, and none that is longer', async () => {
    const longest = compactOfLength(16 * 1024);

    expect(parseToken(longest).header).toStrictEqual(HEADER);
    const refusal = await refusalOf(() => parseToken(`${longest}AAAA`));
    expect(refusal).toMatchObject({ code: 'token_malformed', hint: expect.stringContaining('16 KiB') });
  });
});

test('a claim that is called __proto__ is a claim like any other', () => {
  const { unverifiedClaims } = parseToken(compact(HEADER, '{"__proto__":{"sub":"1"}}'));

  expect(Object.keys(unverifiedClaims)).toEqual(['__proto__']);
  expect(unverifiedClaims['sub']).toBeUndefined();
});

describe('tells the first thing that is wrong, in this order', () => {
  // Each token has its own fault and the faults of all rows below it, as far as a token can have both.
  const badKid = { crit: ['exp'], b64: false, zip: 'DEF', kid: 1 };
  const marker = 'SIGNATURE_REMOVED_BY_GOOGLE';
  test.each<[string, string, GoogleIdTokenErrorCode, string]>([
    ['its length', '?'.repeat(16 * 1024 + 1), 'token_malformed', '16 KiB'],
    ['the number of its segments', '?.?', 'token_malformed', 'three parts'],
    ['the spelling of its segments', `?.?.${marker}`, 'token_malformed', 'base64url'],
    ['its header', `${encode('[]')}.${encode('[]')}.${marker}`, 'token_malformed', 'The header of the token'],
    ['its payload', `${encode({ alg: 'none', ...badKid })}.${encode('[]')}.${marker}`, 'token_malformed', 'payload'],
    ['"alg"', `${encode({ alg: 'none', ...badKid })}.${encode({})}.${marker}`, 'algorithm_unsupported', '"alg"'],
    ['"crit"', `${encode({ alg: 'RS256', ...badKid })}.${encode({})}.${marker}`, 'token_malformed', '"crit"'],
    [
      '"b64"',
      `${encode({ alg: 'RS256', b64: false, zip: 'DEF' })}.${encode({})}.${marker}`,
      'token_malformed',
      '"b64"',
    ],
    ['"zip"', `${encode({ alg: 'RS256', zip: 'DEF' })}.${encode({})}.${marker}`, 'token_malformed', '"zip"'],
    ['"kid"', `${encode({ alg: 'RS256', kid: 1 })}.${encode({})}.${marker}`, 'token_malformed', '"kid"'],
    [
      'its signature, if Cloud Run removed it',
      `${encode(HEADER)}.${encode({})}.${marker}`,
      'signature_removed',
      'Cloud Run',
    ],
  ])('%s', async (_, token, code, hint) => {
    const refusal = await refusalOf(() => parseToken(token));

    expect(refusal).toMatchObject({ code, hint: expect.stringContaining(hint) });
  });
});

test.each([undefined, null, '', 1, ['key-1'], {}])('a key id must be a text that is not empty: not %j', async (kid) => {
  const refusal = await refusalOf(() => parseToken(compact({ alg: 'RS256', kid }, CLAIMS)));

  expect(refusal).toMatchObject({ code: 'token_malformed', hint: expect.stringContaining('"kid"') });
});

test('a signature that only begins like the marker of Cloud Run is a signature', () => {
  const signature = 'SIGNATURE_REMOVED_BY_GOOGLEAAAAA';

  const parsed = parseToken(`${encode(HEADER)}.${encode(CLAIMS)}.${signature}`);

  expect(Buffer.from(parsed.signature).toString('base64url')).toBe(signature);
});

function encode(part: unknown): string {
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
}

function compact(header: unknown, payload: unknown): string {
  return `${encode(header)}.${encode(payload)}.${SIGNATURE}`;
}

/** The signature makes up the length: four characters are three bytes of anything. */
function compactOfLength(length: number): string {
  const padding = (count: number) => ({ padding: 'x'.repeat(count) });
  const start = [0, 1, 2, 3]
    .map((count) => `${encode(HEADER)}.${encode(padding(count))}.`)
    .find((text) => (length - text.length) % 4 === 0);
  return `${start}${'A'.repeat(length - (start?.length ?? 0))}`;
}
