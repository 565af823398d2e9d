import './unhandled-rejections.ts';
import { staticKeySet } from '@id-token-guard/core';
import type { PublicJwk } from '@id-token-guard/testing';
import { describe, expect, test } from 'vitest';
import { importKeys, usableJwks } from '../../../packages/core/src/keys/jwks.ts';
import { rocaKey } from '../hostile/roca-key.ts';
import { google } from './scene.ts';

await google.rotateKeys();
const [good, other] = google.jwks.keys as [PublicJwk, PublicJwk];

/** A number of so many bits. Whether it is the product of two primes cannot be told by looking. */
function modulus(bits: number): string {
  const bytes = Buffer.alloc(Math.ceil(bits / 8), 0xa5);
  bytes[0] = 1 << ((bits - 1) % 8);
  return bytes.toString('base64url');
}

/** The same number with zero bytes in front. */
function padded(number: string, zeros: number): string {
  return Buffer.concat([Buffer.alloc(zeros), Buffer.from(number, 'base64url')]).toString('base64url');
}

function exponent(value: number | bigint): string {
  const hex = value.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex').toString('base64url');
}

function without(name: keyof PublicJwk): object {
  return Object.fromEntries(Object.entries(good).filter(([member]) => member !== name));
}

/** The ids of the keys that may be used, of such an entry alone. */
function usable(...entries: unknown[]): string[] | undefined {
  return usableJwks({ keys: entries })?.map(({ kid }) => kid);
}

describe('a key is usable', () => {
  test.each<{ title: string; jwk: object }>([
    { title: 'as Google publishes it', jwk: good },
    { title: 'of 2048 bits', jwk: { ...good, n: modulus(2048) } },
    { title: 'of 2049 bits', jwk: { ...good, n: modulus(2049) } },
    { title: 'of 4096 bits', jwk: { ...good, n: modulus(4096) } },
    { title: 'of 16,384 bits', jwk: { ...good, n: modulus(16_384) } },
    { title: 'of 16,384 bits, with a zero in front', jwk: { ...good, n: padded(modulus(16_384), 1) } },
    { title: 'with the exponent 65,537', jwk: { ...good, e: exponent(65_537) } },
    { title: 'with the exponent 65,539', jwk: { ...good, e: exponent(65_539) } },
    { title: 'with the exponent 2^32 - 1', jwk: { ...good, e: exponent(2n ** 32n - 1n) } },
    { title: 'without "use"', jwk: without('use') },
    { title: 'without "alg"', jwk: without('alg') },
    { title: 'with "key_ops" that have verify', jwk: { ...good, key_ops: ['verify'] } },
    { title: 'with "key_ops" that have verify among others', jwk: { ...good, key_ops: ['sign', 'verify'] } },
    { title: 'with members that nobody knows', jwk: { ...good, x5t: 'x', note: { any: 'thing' } } },
    { title: 'with any string for an id', jwk: { ...good, kid: '__proto__' } },
  ])('$title', ({ jwk }) => {
    expect(usable(jwk)).toEqual([(jwk as PublicJwk).kid]);
  });
});

describe('a key is ignored', () => {
  test.each<{ title: string; jwk: unknown }>([
    { title: 'of 2047 bits', jwk: { ...good, n: modulus(2047) } },
    { title: 'of 1024 bits', jwk: { ...good, n: modulus(1024) } },
    { title: 'of 2047 bits, padded with zeros', jwk: { ...good, n: `AAAA${modulus(2047)}` } },
    { title: 'of 16,384 bits, with two zeros in front', jwk: { ...good, n: padded(modulus(16_384), 2) } },
    { title: 'of 16,385 bits', jwk: { ...good, n: modulus(16_385) } },
    { title: 'of a million bits', jwk: { ...good, n: modulus(1_000_000) } },
    {
      title: 'of 2048 bits with the primes of CVE-2017-15361',
      jwk: { ...good, n: rocaKey().publicKey.export({ format: 'jwk' }).n },
    },
    { title: 'with the exponent 1', jwk: { ...good, e: exponent(1) } },
    { title: 'with the exponent 3', jwk: { ...good, e: exponent(3) } },
    { title: 'with the exponent 17', jwk: { ...good, e: exponent(17) } },
    { title: 'with the exponent 65,535', jwk: { ...good, e: exponent(65_535) } },
    { title: 'with the exponent 65,536', jwk: { ...good, e: exponent(65_536) } },
    { title: 'with an even exponent', jwk: { ...good, e: exponent(65_538) } },
    { title: 'with the exponent 0', jwk: { ...good, e: 'AA' } },
    { title: 'with the exponent 2^32 + 1', jwk: { ...good, e: exponent(2n ** 32n + 1n) } },
    { title: 'without a modulus', jwk: without('n') },
    { title: 'without an exponent', jwk: without('e') },
    { title: 'with a number for an exponent', jwk: { ...good, e: 65_537 } },
    { title: 'with an empty modulus', jwk: { ...good, n: '' } },
    { title: 'with an empty exponent', jwk: { ...good, e: '' } },
    { title: 'with padded base64url', jwk: { ...good, e: 'AQAB=' } },
    { title: 'with base64url in white space', jwk: { ...good, e: ' AQAB' } },
    { title: 'with base64', jwk: { ...good, n: `+/${good.n.slice(2)}` } },
    { title: 'with bits left over in base64url', jwk: { ...good, n: nonCanonical(good.n) } },
    { title: 'to encrypt with', jwk: { ...good, use: 'enc' } },
    { title: 'with an unknown use', jwk: { ...good, use: 'SIG' } },
    { title: 'with null for a use', jwk: { ...good, use: null } },
    { title: 'for RS512', jwk: { ...good, alg: 'RS512' } },
    { title: 'for PS256', jwk: { ...good, alg: 'PS256' } },
    { title: 'for rs256', jwk: { ...good, alg: 'rs256' } },
    { title: 'with null for an algorithm', jwk: { ...good, alg: null } },
    { title: 'with "key_ops" to sign', jwk: { ...good, key_ops: ['sign'] } },
    { title: 'with empty "key_ops"', jwk: { ...good, key_ops: [] } },
    { title: 'with a string for "key_ops"', jwk: { ...good, key_ops: 'verify' } },
    { title: 'without an id', jwk: without('kid') },
    { title: 'with an empty id', jwk: { ...good, kid: '' } },
    { title: 'with a number for an id', jwk: { ...good, kid: 1 } },
    { title: 'without a type', jwk: without('kty') },
    { title: 'of type EC', jwk: { ...good, kty: 'EC' } },
    { title: 'of type oct', jwk: { kty: 'oct', kid: good.kid, k: good.n, alg: 'RS256' } },
    { title: 'that is private', jwk: { ...good, d: good.n } },
    // RFC 7518 §6.3.2: each of these alone gives the private key away.
    ...['p', 'q', 'dp', 'dq', 'qi', 'oth'].map((name) => ({
      title: `that is private in part: "${name}"`,
      jwk: { ...good, [name]: good.n },
    })),
    { title: 'that says it is private', jwk: { ...good, d: undefined } },
    { title: 'that is not an object', jwk: 'key' },
    { title: 'that is null', jwk: null },
    { title: 'that is a list', jwk: [good] },
    { title: 'with all its members in a prototype', jwk: Object.create(good) },
  ])('$title', ({ jwk }) => {
    expect(usable(jwk)).toEqual([]);
    expect(usable(other, jwk)).toEqual([other.kid]);
  });
});

/** Another spelling of the same bytes: 256 bytes leave four bits over. */
function nonCanonical(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return text.slice(0, -1) + alphabet[alphabet.indexOf(text.slice(-1)) + 1];
}

describe('an id', () => {
  test('twice with the same key is that key', () => {
    expect(usable(good, good)).toEqual([good.kid]);
    expect(usable(good, { ...good, alg: undefined, x5t: 'x' })).toEqual([good.kid]);
  });

  test('of two different keys is of neither', () => {
    expect(usable(good, { ...other, kid: good.kid })).toEqual([]);
    expect(usable(good, { ...good, e: exponent(65_539) })).toEqual([]);
  });

  test('of two different keys is of neither, however often the first one is repeated', () => {
    const double = { ...other, kid: good.kid };
    expect(usable(good, double, good)).toEqual([]);
    expect(usable(good, good, double, good, good)).toEqual([]);
  });

  test('of two different keys does no harm to other ids', () => {
    const third = { ...good, kid: 'third' };
    expect(usable(good, third, { ...other, kid: good.kid }, other)).toEqual(['third', other.kid]);
  });

  test('of a usable key and one that is not is of the usable one', () => {
    expect(usable({ ...other, kid: good.kid, use: 'enc' }, good)).toEqual([good.kid]);
    expect(usable(good, { ...other, kid: good.kid, n: modulus(1024) })).toEqual([good.kid]);
  });
});

describe('a document', () => {
  test.each([undefined, null, 1, 'keys', [], [good], {}, { keys: null }, { keys: 'x' }, { keys: { 0: good } }])(
    'is no key set: %o',
    (document) => {
      expect(usableJwks(document)).toBeUndefined();
    },
  );

  test('is no key set where its keys are in a prototype', () => {
    expect(usableJwks(Object.create({ keys: [good] }))).toBeUndefined();
    expect(usableJwks(JSON.parse(`{"__proto__":{"keys":[${JSON.stringify(good)}]}}`))).toBeUndefined();
  });

  test('is an empty key set without keys', () => {
    expect(usableJwks({ keys: [] })).toEqual([]);
  });

  test('leaves everything but id and numbers behind', () => {
    const { fake: _, ...real } = good;

    expect(usableJwks({ keys: [{ ...real, note: 'x' }] })).toStrictEqual([{ kid: good.kid, n: good.n, e: good.e }]);
  });

  test('keeps in mind that a key is of a fake Google, if it says exactly that', () => {
    const fakes = (fake: unknown) => usableJwks({ keys: [{ ...good, fake }] })?.map((jwk) => jwk.fake);

    expect(fakes(true)).toEqual([true]);
    expect([fakes('true'), fakes(1), fakes(false), fakes(null)]).toEqual(Array(4).fill([undefined]));
  });
});

describe('imported keys', () => {
  test('verify, and nothing else, and cannot be exported', async () => {
    const keys = await importKeys([good]);

    expect(keys.get(good.kid)).toMatchObject({ kid: good.kid, n: good.n, e: good.e });
    expect(keys.get(good.kid)?.publicKey).toMatchObject({ type: 'public', extractable: false, usages: ['verify'] });
    expect(Object.isFrozen(keys.get(good.kid))).toBe(true);
  });

  test('stay the same objects where they were known before', async () => {
    const before = await importKeys([good, other]);
    const after = await importKeys([other, good], before);

    expect(after.get(good.kid)).toBe(before.get(good.kid));
    expect(after.get(other.kid)).toBe(before.get(other.kid));
  });

  test('are other objects where id or numbers differ', async () => {
    const before = await importKeys([good]);
    const after = await importKeys([{ ...other, kid: good.kid }], before);

    expect(after.get(good.kid)).not.toBe(before.get(good.kid));
  });

  test('do not have what is no longer there', async () => {
    const after = await importKeys([other], await importKeys([good]));

    expect([...after.keys()]).toEqual([other.kid]);
  });

  test('may have an id that objects have members of', async () => {
    const keys = await importKeys([{ ...good, kid: '__proto__' }]);

    expect(keys.get('__proto__')?.n).toBe(good.n);
    expect(keys.get('constructor')).toBeUndefined();
  });
});

describe('staticKeySet()', () => {
  test('uses the same test of what is usable', async () => {
    const keys = staticKeySet({ keys: [good, { ...other, use: 'enc' }, { ...good, kid: 'weak', e: 'Aw' }] });

    expect(keys.status()).toEqual({ state: 'fresh', usable: true, keyIds: [good.kid] });
    expect((await keys.get(good.kid))?.n).toBe(good.n);
    expect(await keys.get(other.kid)).toBeUndefined();
    expect(await keys.get('weak')).toBeUndefined();
  });

  test('is empty, not an error, without a usable key', async () => {
    const keys = staticKeySet({ keys: [] });
    await keys.preload();

    expect(keys.status()).toEqual({ state: 'empty', usable: false, keyIds: [] });
    expect(await keys.get(good.kid)).toBeUndefined();
    expect(keys.snapshot()).toBeUndefined();
  });

  test('gives the same object to all who ask at once', async () => {
    const keys = staticKeySet(google.jwks);
    const found = await Promise.all(Array.from({ length: 50 }, () => keys.get(good.kid)));

    expect(new Set(found).size).toBe(1);
  });

  test.each([undefined, null, 'jwks', [good], {}, { keys: null }])(
    'throws a TypeError without a list of keys: %o',
    (jwks) => {
      expect(() => staticKeySet(jwks as { keys: object[] })).toThrow(
        new TypeError('staticKeySet() takes a JWKS: an object with a "keys" array.'),
      );
    },
  );
});
