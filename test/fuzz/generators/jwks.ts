/*
 * Key sets near that of Google: right keys with something wrong, wrong ones with something right.
 */
import fc from 'fast-check';
import { JWK, OTHER_KEY } from '../support/google.ts';
import { often } from './json-texts.ts';

const OTHER_JWK = { ...JWK, ...OTHER_KEY.publicKey.export({ format: 'jwk' }), kid: 'other' };

/** Base64url and what is nearly that. */
const spelledBytes = (bytes: Uint8Array): fc.Arbitrary<string> =>
  often(
    Buffer.from(bytes).toString('base64url'),
    fc.constantFrom(
      Buffer.from(bytes).toString('base64'),
      Buffer.from(bytes).toString('base64url').replace(/.$/, 'B'),
      `${Buffer.from(bytes).toString('base64url')}=`,
      `\n${Buffer.from(bytes).toString('base64url')}`,
      Buffer.from(bytes).toString('hex'),
      Buffer.from([0, ...bytes]).toString('base64url'),
    ),
  );

/** Numbers of about the lengths that matter: 1024 bits, 2048, 4096, 16,384. */
const modulus = fc
  .record({
    bytes: fc.constantFrom(1, 128, 255, 256, 256, 256, 257, 512, 2048, 2049),
    first: fc.constantFrom(0, 1, 0x7f, 0x80, 0xff),
    filler: fc.constantFrom(0, 0xab, 0xff),
    last: fc.nat({ max: 255 }),
  })
  .chain(({ bytes, first, filler, last }) =>
    spelledBytes(
      Buffer.concat([Buffer.from([first]), Buffer.alloc(Math.max(0, bytes - 2), filler), Buffer.from([last])]),
    ),
  );

const exponent = fc.oneof(
  fc.constantFrom('AQAB', 'Aw', 'AQ', 'AAEAAQ', 'AQAA', 'AQAD', '_____w', 'AQAAAAE', '', 'AQAB=', 'AA', 'AQAAAQ'),
  fc.uint8Array({ maxLength: 6 }).chain(spelledBytes),
);

const key = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.constantFrom(JWK, JWK, OTHER_JWK),
        fc.array(
          fc.oneof(
            member('n', fc.oneof(modulus, fc.anything())),
            member('e', fc.oneof(exponent, fc.anything())),
            member('kid', fc.oneof(fc.constantFrom('other', '', 'third', '__proto__', JWK.kid), fc.anything())),
            member('kty', fc.constantFrom('RSA', 'rsa', 'EC', 'oct', 'OKP', undefined)),
            member('use', fc.oneof(fc.constantFrom('sig', 'enc', 'Sig', '', null), fc.anything())),
            member('alg', fc.oneof(fc.constantFrom('RS256', 'rs256', 'RS384', 'PS256', 'HS256', null), fc.anything())),
            member(
              'key_ops',
              fc.oneof(fc.subarray(['verify', 'sign', 'encrypt']), fc.constantFrom('verify', null, {})),
            ),
            fc.constantFrom('d', 'p', 'q', 'dp', 'dq', 'qi', 'oth').chain((name) => member(name, fc.jsonValue())),
            fc
              .constantFrom('k', 'x5c', 'x5u', 'jku', '__proto__', 'extra')
              .chain((name) => member(name, fc.jsonValue())),
          ),
          { maxLength: 2 },
        ),
      )
      .map(([good, changes]) => withMembers(good, changes)),
  },
  { weight: 1, arbitrary: fc.anything() },
);

/** What `JSON.parse` may make of an answer; a JWKS mostly. */
export const documents: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ keys: fc.array(key, { maxLength: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ keys: fc.anything() }) },
  { weight: 1, arbitrary: fc.anything() },
);

/** JWKS documents as text, right most of the time. */
export const documentTexts: fc.Arbitrary<string> = documents.map(
  (document) => JSON.stringify(document, (_, value) => (typeof value === 'bigint' ? `${value}` : value)) ?? '',
);

/** Documents with one or both of two good keys, of which the second has two values. */
export const goodDocuments: fc.Arbitrary<string> = fc
  .subarray([JWK, OTHER_JWK, { ...JWK, kid: 'third' }], { minLength: 1 })
  .map((keys) => JSON.stringify({ keys }));

function member(name: string, value: fc.Arbitrary<unknown>): fc.Arbitrary<readonly [string, unknown]> {
  return value.map((one) => [name, one] as const);
}

/** As `JSON.parse` makes it: a member `__proto__` is one like any other. */
function withMembers(object: object, members: readonly (readonly [string, unknown])[]): object {
  return Object.fromEntries([...Object.entries(object), ...members].filter(([, value]) => value !== undefined));
}
