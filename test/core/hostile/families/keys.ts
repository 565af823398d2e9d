import { createHash, type JsonWebKey, sign } from 'node:crypto';
import { hmac, join, type KeyPair, pkcs1, rs256, SHA256_PREFIX, sha256, signingInput } from '../forge.ts';
import type { AcceptedInput, HostileInput } from '../hostile-input.ts';
import type { KeyMaterial, Kit } from '../kit.ts';

/** Entries of the JWKS document under one key id, and a signature that they would verify. */
interface PublishedKey {
  readonly name: string;
  readonly source: string;
  readonly kid: string;
  publish(kid: string, keys: KeyMaterial): readonly unknown[];
  sign(keys: KeyMaterial, input: string): Uint8Array;
}

type Publish = PublishedKey['publish'];
type Sign = PublishedKey['sign'];

const byAttacker: Sign = (keys, input) => rs256(keys.attacker, input);
const byGoogle: Sign = (keys, input) => rs256(keys.google, input);

function odd(name: string, source: string, publish: Publish, signature: Sign = byAttacker): PublishedKey {
  // 40 hex digits like Google's own ids, so that nothing but the key itself is odd.
  return { name, source, kid: createHash('sha1').update(name).digest('hex'), publish, sign: signature };
}

/** The attacker's key as Google publishes keys, but for these members. */
function attackerKey(name: string, source: string, members: object): PublishedKey {
  return odd(name, source, (kid, keys) => [{ ...jwk(keys.attacker), kid, ...members }]);
}

function jwk(pair: KeyPair): JsonWebKey {
  return { ...pair.publicKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig' };
}

function privateJwk(pair: KeyPair): JsonWebKey {
  return { ...pair.privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig' };
}

function without(object: object, ...names: string[]): object {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

const otherKeyTypes: readonly PublishedKey[] = [
  odd(
    'an EC key',
    'RFC 7518 §6.2',
    (kid, { ec }) => [{ ...jwk(ec), alg: 'ES256', kid }],
    (keys, input) => sign('sha256', Buffer.from(input), { key: keys.ec.privateKey, dsaEncoding: 'ieee-p1363' }),
  ),
  odd(
    'an EC key that claims to be for RS256',
    'RFC 7517 §4.4',
    (kid, { ec }) => [{ ...jwk(ec), kid }],
    (keys, input) => sign('sha256', Buffer.from(input), { key: keys.ec.privateKey, dsaEncoding: 'ieee-p1363' }),
  ),
  odd(
    'an Ed25519 key',
    'RFC 8037 §2',
    (kid, { ed25519 }) => [{ ...jwk(ed25519), alg: 'EdDSA', kid }],
    (keys, input) => sign(null, Buffer.from(input), keys.ed25519.privateKey),
  ),
  odd(
    'a shared secret',
    'RFC 7518 §6.4',
    (kid) => [{ kty: 'oct', k: Buffer.from(kid).toString('base64url'), alg: 'HS256', kid }],
    (_, input) => hmac('sha256', 'secret', input),
  ),
  odd(
    'a shared secret that claims to be for RS256',
    'RFC 8725 §3.1',
    (kid) => [{ kty: 'oct', k: Buffer.from('secret').toString('base64url'), alg: 'RS256', use: 'sig', kid }],
    (_, input) => hmac('sha256', 'secret', input),
  ),
  attackerKey('an RSA key that calls itself a shared secret', 'RFC 7517 §4.1', { kty: 'oct', k: 'c2VjcmV0' }),
  attackerKey('an RSA key that calls itself EC', 'RFC 7517 §4.1', { kty: 'EC' }),
  attackerKey('a key without kty', 'RFC 7517 §4.1', { kty: undefined }),
  attackerKey('a key with kty null', 'RFC 7517 §4.1', { kty: null }),
  attackerKey('a key with kty in lower case', 'RFC 7517 §4.1', { kty: 'rsa' }),
  attackerKey('a key with a list of kty', 'RFC 7517 §4.1', { kty: ['RSA'] }),
];

const weakNumbers: readonly PublishedKey[] = [
  odd(
    'an RSA key of 1024 bits',
    'RFC 7518 §3.3',
    (kid, { short }) => [{ ...jwk(short), kid }],
    (keys, input) => rs256(keys.short, input),
  ),
  odd(
    'an RSA key of 1024 bits, filled up with zeros to 2048',
    'RFC 7518 §6.3.1.1',
    (kid, { short }) => {
      const n = Buffer.concat([Buffer.alloc(128), Buffer.from(jwk(short).n ?? '', 'base64url')]);
      return [{ ...jwk(short), n: n.toString('base64url'), kid }];
    },
    (keys, input) => rs256(keys.short, input),
  ),
  odd(
    'an RSA key of 2047 bits',
    'RFC 7518 §3.3',
    (kid, { nearlyLong }) => [{ ...jwk(nearlyLong), kid }],
    (keys, input) => rs256(keys.nearlyLong, input),
  ),
  odd(
    'an RSA key with the exponent 3',
    'CVE-2006-4339',
    (kid, { exponentThree }) => [{ ...jwk(exponentThree), kid }],
    (keys, input) => rs256(keys.exponentThree, input),
  ),
  odd(
    'an RSA key with the exponent 1, under which everybody can sign',
    'RFC 8017 §3.1',
    (kid, { attacker }) => [{ ...jwk(attacker), e: 'AQ', kid }],
    (_, input) => pkcs1(Buffer.concat([SHA256_PREFIX, sha256(input)])),
  ),
  odd(
    'an RSA key whose factors can be found',
    'CVE-2017-15361',
    (kid, { roca }) => [{ ...jwk(roca), kid }],
    (keys, input) => rs256(keys.roca, input),
  ),
  attackerKey('an RSA key with the exponent 0', 'RFC 8017 §3.1', { e: 'AA' }),
  attackerKey('an RSA key with the exponent 65535', 'RFC 8017 §3.1', { e: '__8' }),
  attackerKey('an RSA key with the even exponent 65536', 'RFC 8017 §3.1', { e: 'AQAA' }),
  attackerKey('an RSA key without exponent', 'RFC 7518 §6.3.1.2', { e: undefined }),
  attackerKey('an RSA key with an empty exponent', 'RFC 7518 §6.3.1.2', { e: '' }),
  attackerKey('an RSA key whose exponent is a number', 'RFC 7518 §6.3.1.2', { e: 65_537 }),
  attackerKey('an RSA key whose exponent is a list', 'RFC 7518 §6.3.1.2', { e: ['AQAB'] }),
  attackerKey('an RSA key whose exponent is padded', 'RFC 7518 §2', { e: 'AQAB====' }),
  attackerKey('an RSA key without modulus', 'RFC 7518 §6.3.1.1', { n: undefined }),
  attackerKey('an RSA key with an empty modulus', 'RFC 7518 §6.3.1.1', { n: '' }),
  attackerKey('an RSA key whose modulus is zero', 'RFC 7518 §6.3.1.1', { n: 'A'.repeat(342) }),
  attackerKey('an RSA key whose modulus is a number', 'RFC 7518 §6.3.1.1', { n: 65_537 }),
  odd('an RSA key whose modulus is padded', 'RFC 7518 §2', (kid, { attacker }) => [
    { ...jwk(attacker), n: `${jwk(attacker).n}==`, kid },
  ]),
  odd('an RSA key whose modulus is broken into lines', 'RFC 7518 §2', (kid, { attacker }) => [
    { ...jwk(attacker), n: jwk(attacker).n?.replace(/(.{76})/g, '$1\n'), kid },
  ]),
  odd('an RSA key whose modulus is written in hex', 'RFC 7518 §6.3.1.1', (kid, { attacker }) => [
    { ...jwk(attacker), n: `0x${Buffer.from(jwk(attacker).n ?? '', 'base64url').toString('hex')}`, kid },
  ]),
  odd('an RSA key whose modulus is a list', 'RFC 7518 §6.3.1.1', (kid, { attacker }) => [
    { ...jwk(attacker), n: [jwk(attacker).n], kid },
  ]),
];

const otherPurposes: readonly PublishedKey[] = [
  ...['enc', 'SIG', 'sig ', '', null, true, ['sig']].map((use) =>
    attackerKey(`a key with use ${JSON.stringify(use)}`, 'RFC 7517 §4.2', { use }),
  ),
  ...['RS384', 'RS512', 'PS256', 'HS256', 'ES256', 'RSA-OAEP-256', 'none', 'rs256', '', null, ['RS256']].map((alg) =>
    attackerKey(`a key with alg ${JSON.stringify(alg)}`, 'RFC 7517 §4.4', { alg }),
  ),
  ...[[], ['sign'], ['encrypt', 'wrapKey'], ['VERIFY'], 'verify', { verify: true }, null].map((operations) =>
    attackerKey(`a key with key_ops ${JSON.stringify(operations)}`, 'RFC 7517 §4.3', { key_ops: operations }),
  ),
];

const otherIds: readonly PublishedKey[] = [
  attackerKey('a key without kid', 'RFC 7517 §4.5', { kid: undefined }),
  attackerKey('a key with an empty kid', 'RFC 7517 §4.5', { kid: '' }),
  attackerKey('a key with kid null', 'RFC 7517 §4.5', { kid: null }),
  odd('a key with its kid in a list', 'RFC 7517 §4.5', (kid, keys) => [{ ...jwk(keys.attacker), kid: [kid] }]),
  odd('a key with its kid in an object', 'RFC 7517 §4.5', (kid, keys) => [{ ...jwk(keys.attacker), kid: { kid } }]),
  odd('a key with its kid in upper case', 'RFC 7517 §4.5', (kid, keys) => [
    { ...jwk(keys.attacker), kid: kid.toUpperCase() },
  ]),
  odd('a key with white space behind its kid', 'RFC 7517 §4.5', (kid, keys) => [
    { ...jwk(keys.attacker), kid: `${kid} ` },
  ]),
  odd('a key with its kid in __proto__', 'CWE-1321', (kid, keys) => [
    { ...jwk(keys.attacker), ['__proto__']: { kid } },
  ]),
];

const privateKeys: readonly PublishedKey[] = [
  odd('a whole private key', 'RFC 7518 §6.3.2', (kid, { attacker }) => [{ ...privateJwk(attacker), kid }]),
  odd('a key with its private exponent', 'RFC 7518 §6.3.2.1', (kid, { attacker }) => [
    { ...jwk(attacker), d: privateJwk(attacker).d, kid },
  ]),
  odd('a key with its prime factors', 'RFC 7518 §6.3.2.2', (kid, { attacker }) => [
    { ...without(privateJwk(attacker), 'd', 'dp', 'dq', 'qi'), kid },
  ]),
];

const otherShapes: readonly PublishedKey[] = [
  odd('a key all of whose members are in __proto__', 'CWE-1321', (kid, keys) => [
    { ['__proto__']: { ...jwk(keys.attacker), kid } },
  ]),
  odd('a key in a list of its own', 'RFC 7517 §5.1', (kid, keys) => [[{ ...jwk(keys.attacker), kid }]]),
  odd('a key as JSON text', 'RFC 7517 §5.1', (kid, keys) => [JSON.stringify({ ...jwk(keys.attacker), kid })]),
  odd('a key set in the key set', 'RFC 7517 §5.1', (kid, keys) => [{ keys: [{ ...jwk(keys.attacker), kid }] }]),
  odd('a key in a member of another object', 'RFC 7517 §5.1', (kid, keys) => [
    { kid, jwk: { ...jwk(keys.attacker), kid } },
  ]),
  odd('a key as PEM', 'RFC 7517 §4', (kid, { attacker }) => [
    { kty: 'RSA', kid, pem: attacker.publicKey.export({ type: 'spki', format: 'pem' }) },
  ]),
  odd('a key as certificate only', 'RFC 7517 §4.7', (kid, { attacker }) => [
    { kty: 'RSA', kid, x5c: [attacker.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')] },
  ]),
  odd('values that are no keys', 'RFC 7517 §5.1', () => [null, true, 42, 'key', [], {}]),
];

const ambiguousIds: readonly PublishedKey[] = [
  odd('the first of two keys with one kid', 'RFC 7517 §4.5', (kid, keys) => [
    { ...jwk(keys.attacker), kid },
    { ...jwk(keys.google), kid },
  ]),
  odd('the second of two keys with one kid', 'RFC 7517 §4.5', (kid, keys) => [
    { ...jwk(keys.google), kid },
    { ...jwk(keys.attacker), kid },
  ]),
  odd("the other of two keys with one kid, although it is Google's", 'RFC 7517 §4.5', secondIsGoogles, byGoogle),
  odd('the first and third of three keys with one kid', 'RFC 7517 §4.5', (kid, keys) => [
    { ...jwk(keys.attacker), kid },
    { ...jwk(keys.google), kid },
    { ...jwk(keys.attacker), kid },
  ]),
];

function secondIsGoogles(kid: string, keys: KeyMaterial): readonly unknown[] {
  return [
    { ...jwk(keys.attacker), kid },
    { ...jwk(keys.google), kid },
  ];
}

/** Entries of the JWKS document that must be ignored, each without harm to the others. */
export const oddKeys: readonly PublishedKey[] = [
  ...otherKeyTypes,
  ...weakNumbers,
  ...otherPurposes,
  ...otherIds,
  ...privateKeys,
  ...otherShapes,
  ...ambiguousIds,
];

/** Entries of the JWKS document that look odd and are as good as any. */
export const unusualKeys: readonly PublishedKey[] = [
  odd(
    'a key without use and alg',
    'RFC 7517 §4',
    (kid, keys) => [{ ...without(jwk(keys.google), 'use', 'alg'), kid }],
    byGoogle,
  ),
  odd(
    'a key with key_ops verify',
    'RFC 7517 §4.3',
    (kid, keys) => [{ ...jwk(keys.google), key_ops: ['verify'], kid }],
    byGoogle,
  ),
  odd(
    'a key with unknown members',
    'RFC 7517 §4',
    (kid, keys) => [{ ...jwk(keys.google), x5t: 'x', ext: true, ['__proto__']: { use: 'enc' }, kid }],
    byGoogle,
  ),
  odd(
    'a key that is published twice',
    'RFC 7517 §4.5',
    (kid, keys) => [
      { ...jwk(keys.google), kid },
      { kid, ...without(jwk(keys.google), 'use') },
    ],
    byGoogle,
  ),
  odd(
    'a key that shares its kid with keys of other kinds',
    'RFC 7517 §4.5',
    (kid, keys) => [
      { ...jwk(keys.ec), kid },
      { ...jwk(keys.short), kid },
      { ...jwk(keys.google), kid },
      { ...jwk(keys.attacker), use: 'enc', kid },
    ],
    byGoogle,
  ),
];

function tokenOf(key: PublishedKey, kit: Kit): string {
  const input = signingInput({ ...kit.header, kid: key.kid }, kit.claims);
  return join(input, key.sign(kit.keys, input));
}

/** Tokens signed with keys of the JWKS document that no verifier may use. */
export const keys: readonly HostileInput[] = oddKeys.map((key) => ({
  name: `signed with ${key.name}`,
  source: key.source,
  code: 'key_unknown',
  token: (kit) => tokenOf(key, kit),
}));

export const acceptedKeys: readonly AcceptedInput[] = unusualKeys.map((key) => ({
  name: `signed with ${key.name}`,
  source: key.source,
  token: (kit) => tokenOf(key, kit),
}));
