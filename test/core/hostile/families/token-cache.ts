import type { GoogleIdTokenErrorCode } from '@id-token-guard/core';
import { encode, join, rs256, segmentsOf, signingInput } from '../forge.ts';
import type { HostileInput } from '../hostile-input.ts';
import type { Kit } from '../kit.ts';

/** The guard remembers `kit.token()`: `token` is given it. */
type Row = readonly [name: string, source: string, token: (remembered: string, kit: Kit) => string];

/** fast-jwt: two tokens with one cache key, so that one got the other's claims. */
const COLLISION = 'CVE-2026-35039';
const SPELLING = 'RFC 4648 §3.5';
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function rows(code: GoogleIdTokenErrorCode, list: readonly Row[]): HostileInput[] {
  return list.map(([name, source, token]) => ({
    name: `not the remembered token: ${name}`,
    source,
    code,
    token: (kit) => token(kit.token(), kit),
  }));
}

function withSegments(token: string, change: (header: string, payload: string, signature: string) => string): string {
  return change(...segmentsOf(token));
}

/** The attacker signs: what a cache could know a token by is the same, and the signature is not. */
function signedByAttacker(kit: Kit, header: object, claims: object): string {
  const input = signingInput({ ...kit.header, ...header }, { ...kit.claims, ...claims });
  return join(input, rs256(kit.keys.attacker, input));
}

/** One letter of a claim's value is another one; the signature stays. */
function withClaim(name: string, value: unknown): Row {
  return [
    `one character of ${name}`,
    COLLISION,
    (token, kit) => withSegments(token, (h, _, s) => `${h}.${encode({ ...kit.claims, [name]: value })}.${s}`),
  ];
}

function withHeader(header: (kit: Kit) => unknown): Row[2] {
  return (token, kit) => withSegments(token, (_, p, s) => `${encode(header(kit))}.${p}.${s}`);
}

/** The character at this place of the signature is the next one of the alphabet. */
function withSignatureCharacter(index: number): Row {
  return [
    `character ${index} of the signature`,
    COLLISION,
    (token) => withSegments(token, (h, p, s) => `${h}.${p}.${s.slice(0, index)}${next(s[index])}${s.slice(index + 1)}`),
  ];
}

function next(character = ''): string {
  return ALPHABET[(ALPHABET.indexOf(character) + 1) % ALPHABET.length] ?? '';
}

const samePartAsRemembered: readonly Row[] = [
  ['the same header and signature', COLLISION, (token) => withPayload(token, { email: 'admin@x.example' })],
  ['the same header, signature and jti', COLLISION, (token) => withPayload(token, { sub: '1', jti: '1' })],
  [
    'the same header and payload, two characters of the signature exchanged',
    COLLISION,
    (token) => withSegments(token, (h, p, s) => `${h}.${p}.${s.replace(/(.)(?!\1)(.)/, '$2$1')}`),
  ],
  [
    'the same 31-hash, as Java makes it of a string',
    'CWE-328',
    (token) => withSegments(token, (h, p, s) => `${h}.${p}.${collidingIn31Hash(s)}`),
  ],
  ['the same first thousand bits of the signature', COLLISION, (token) => token.replace(/.{100}$/, 'A'.repeat(100))],
  ['the same kid, other key and claims', 'clerk/javascript#9394', (_, kit) => signedByAttacker(kit, {}, { sub: '1' })],
  ['the same sub, jti and times', COLLISION, (_, kit) => signedByAttacker(kit, {}, { email: 'admin@x.example' })],
  ['the same claims in another order', COLLISION, (_, kit) => signedByAttacker(kit, {}, { jti: undefined, a: 1 })],
];

function withPayload(token: string, claims: object): string {
  return withSegments(token, (header, payload, signature) => {
    const known: object = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return `${header}.${encode({ ...known, ...claims })}.${signature}`;
  });
}

/** h(s) = 31·h + c: one more here is 31 less at the next character. */
function collidingIn31Hash(signature: string): string {
  const at = [...signature.slice(0, -2)].findIndex(
    (character, index) =>
      ALPHABET.includes(shifted(character, 1)) && ALPHABET.includes(shifted(signature[index + 1] ?? '', -31)),
  );
  const pair = shifted(signature[at] ?? '', 1) + shifted(signature[at + 1] ?? '', -31);
  return signature.slice(0, at) + pair + signature.slice(at + 2);
}

function shifted(character: string, by: number): string {
  return String.fromCharCode(character.charCodeAt(0) + by);
}

const changedCharacters: readonly Row[] = [
  withClaim('iss', 'https://accounts.google.con'),
  withClaim('aud', 'https://api.example.com/pusi'),
  withClaim('azp', '113377114488220099118'),
  withClaim('sub', '113377114488220099118'),
  withClaim('email', 'posh@my-project.iam.gserviceaccount.com'),
  withClaim('iat', 1_760_000_001),
  withClaim('exp', 1_760_003_601),
  withClaim('nonce', 'canary-nonce-c2d81e6f90ac'),
  withClaim('name', 'Canary Name Of a Person'),
  ['one letter of typ', COLLISION, withHeader((kit) => ({ ...kit.header, typ: 'JWU' }))],
  ...[0, 1, 2, 3, 40, 85, 128, 170, 171, 200, 256, 300, 339, 340].map(withSignatureCharacter),
];

/** Refused before the signature is looked at. */
const unlikeInTheHeader: readonly HostileInput[] = [
  ...rows('key_unknown', [
    ['one digit of kid', COLLISION, withHeader((kit) => ({ ...kit.header, kid: `${kit.header['kid']}`.slice(1) }))],
    ['another kid, and its own key', COLLISION, (_, kit) => signedByAttacker(kit, { kid: 'a77ac4e2' }, { sub: '1' })],
  ]),
  ...rows('algorithm_unsupported', [
    ['one digit of alg', COLLISION, withHeader((kit) => ({ ...kit.header, alg: 'RS257' }))],
    ['alg without its last letter', COLLISION, withHeader((kit) => ({ ...kit.header, alg: 'RS25' }))],
  ]),
  ...rows('token_malformed', [
    [
      'one letter of the name kid',
      COLLISION,
      withHeader(({ header }) => ({ alg: header['alg'], kie: header['kid'], typ: header['typ'] })),
    ],
    [
      'one letter of a name less in the payload’s JSON',
      COLLISION,
      (token, kit) =>
        withSegments(token, (h, _, s) => `${h}.${encode(JSON.stringify(kit.claims).replace('"sub"', 'sub"'))}.${s}`),
    ],
  ]),
];

/** Too long or too short by bytes of the signature. */
const otherLengths: readonly Row[] = [
  ['four characters less', COLLISION, (token) => `${token.slice(0, -6)}AA`],
  ['two characters more', COLLISION, (token) => `${token}AA`],
];

/** What is around the token, or missing. */
const around: readonly Row[] = [
  ...[5, 9].map((count): Row => [`its first ${count} characters cut`, COLLISION, (token) => token.slice(count)]),
  ...[5, 9].map((count): Row => [`its last ${count} characters cut`, COLLISION, (token) => token.slice(0, -count)]),
  ['itself behind itself', COLLISION, (token) => token + token],
  ['a letter in front', COLLISION, (token) => `A${token}`],
  ...['=', '%', ';', '#', '?', '&', '"', '!', '~', '\u007f', '%00', '%20', '\u200b', '\ufeff', '\u0301'].map(
    (suffix): Row => [`${JSON.stringify(suffix)} behind`, COLLISION, (token) => token + suffix],
  ),
  ...['"', "'", '\u200f', '\u00ad', '-', '0', '(', 'JWT:'].map(
    (prefix): Row => [`${JSON.stringify(prefix)} in front`, COLLISION, (token) => prefix + token],
  ),
];

/** A cache that folds, decodes or normalises what it is asked for would find the token. */
const otherSpellings: readonly Row[] = [
  ['in lower case', SPELLING, (token) => token.toLowerCase()],
  ['in upper case', SPELLING, (token) => token.toUpperCase()],
  ['a long s in place of an s', 'Unicode TR 36', (token) => token.replace(/s/i, '\u017f')],
  ['the Kelvin sign in place of a k', 'Unicode TR 36', (token) => token.replace(/k/i, '\u212a')],
  ['a full-width letter', 'Unicode TR 36', (token) => token.replace('e', '\uff45')],
  ['leaders of one dot', 'Unicode TR 36', (token) => token.replaceAll('.', '\u2024')],
  ['a soft hyphen within', 'Unicode TR 36', (token) => token.replace('.', '.\u00ad')],
  ['a zero-width joiner within', 'Unicode TR 36', (token) => token.replace('.', '\u200d.')],
  ['a character that is half a pair', 'CWE-176', (token) => token.replace(/.$/, '\ud800')],
  ['a character whose low byte is the right one', 'CWE-197', (token) => token.replace('e', '\u0165')],
  ['a percent-encoded letter', 'RFC 3986 §2.3', (token) => token.replace('e', '%65')],
  ['a letter escaped as in JSON', 'RFC 8259 §7', (token) => token.replace('e', '\\u0065')],
  ['a letter escaped as in HTML', 'CWE-180', (token) => token.replace('e', '&#101;')],
  ['a backspace within', 'CWE-150', (token) => token.replace('.', 'x\b.')],
  ['a NUL and more behind', 'CWE-158', (token) => `${token}\0.x`],
];

/** Names that an object used as a cache has from its prototype. */
const namesOfPrototypes = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', 'isPrototypeOf'],
  ...['__defineGetter__', '__lookupSetter__', 'size', 'get', 'NaN'],
].map((name): Row => [name, 'CWE-1321', () => name]);

/** Tokens that resemble the remembered one: only all of its characters are it. */
export const tokenCache: readonly HostileInput[] = [
  ...rows('signature_invalid', [...samePartAsRemembered, ...changedCharacters, ...otherLengths]),
  ...unlikeInTheHeader,
  ...rows('token_malformed', [...around, ...otherSpellings, ...namesOfPrototypes]),
];
