import { sign } from 'node:crypto';
import {
  encode,
  hmac,
  join,
  modulusOf,
  pkcs1,
  pss,
  rawRsa,
  rs256,
  SHA256_PREFIX,
  segmentsOf,
  sha256,
  signingInput,
  toBytes,
  toInteger,
} from '../forge.ts';
import type { HostileInput } from '../hostile-input.ts';
import type { Kit } from '../kit.ts';

type Row = readonly [name: string, source: string, token: (kit: Kit) => string | Promise<string>];

const LENGTH = 'RFC 8017 §8.2.2 step 1';
const RANGE = 'RFC 8017 §5.2.2';
const PADDING = 'RFC 8017 §9.2';
const INPUT = 'RFC 7515 §5.2';

/** The good signature as bytes, changed. */
function changed(name: string, source: string, change: (signature: Buffer) => Uint8Array): Row {
  return [
    `the signature ${name}`,
    source,
    (kit) => {
      const [header, payload, signature] = segmentsOf(kit.token());
      return join(`${header}.${payload}`, change(Buffer.from(signature, 'base64url')));
    },
  ];
}

/** Something else in place of the signature, made from what was to be signed. */
function made(name: string, source: string, make: (kit: Kit, input: string) => string | Uint8Array): Row {
  return [
    `the signature is ${name}`,
    source,
    (kit) => {
      const input = signingInput(kit.header, kit.claims);
      return join(input, make(kit, input));
    },
  ];
}

/** Google's own key over other bytes than those that are received. */
function over(what: string, bytes: (input: string, header: string, payload: string) => string | Uint8Array): Row {
  return made(`over ${what}`, INPUT, (kit, input) => {
    const [header, payload] = segmentsOf(input);
    return rs256(kit.keys.google, bytes(input, header, payload));
  });
}

/** Google's own key over the right hash in the wrong padding. */
function padded(name: string, source: string, encodedMessage: (hash: Buffer) => Uint8Array): Row {
  return made(`over ${name}`, source, (kit, input) => rawRsa(kit.keys.google, encodedMessage(sha256(input))));
}

/** The good signature under a claim that was changed afterwards. */
function forgedClaim(name: string, value: unknown): Row {
  return [
    `"${name}" changed after signing`,
    INPUT,
    (kit) => {
      const [header, , signature] = segmentsOf(kit.token());
      return `${header}.${encode({ ...kit.claims, [name]: value })}.${signature}`;
    },
  ];
}

/** Tries other claims until the signature, as an integer, is what is wanted. */
function signatureWith(kit: Kit, wanted: (signature: bigint) => boolean): { input: string; signature: bigint } {
  for (let attempt = 0; attempt < 100_000; attempt += 1) {
    const input = signingInput(kit.header, { ...kit.claims, attempt });
    const signature = toInteger(rs256(kit.keys.google, input));
    if (wanted(signature)) {
      return { input, signature };
    }
  }
  throw new Error('No signature is what was wanted.');
}

/** 00 01, eight bytes of filler, then the hash, then garbage: what makes forgeries possible where it is let pass. */
function hashInFront(hash: Buffer): Uint8Array {
  const front = Buffer.concat([Buffer.from('0001ffffffffffffffff00', 'hex'), SHA256_PREFIX, hash]);
  return Buffer.concat([front, Buffer.alloc(256 - front.length, 0x5a)]);
}

const PREFIX_WITHOUT_NULL = Buffer.from('302f300b06096086480165030402010420', 'hex');
const PREFIX_OF_SHA512 = Buffer.from('3031300d060960864801650304020305000420', 'hex');
const PREFIX_WITH_LONG_LENGTHS = Buffer.from('308131300d060960864801650304020105000420', 'hex');

const invalid: readonly Row[] = [
  made('empty', LENGTH, () => ''),
  made('one zero byte', LENGTH, () => Buffer.alloc(1)),
  made('256 zero bytes', RANGE, () => Buffer.alloc(256)),
  made('256 bytes FF', RANGE, () => Buffer.alloc(256, 0xff)),
  made('the number one', RANGE, () => toBytes(1n, 256)),
  made("Google's modulus", RANGE, (kit) => toBytes(modulusOf(kit.keys.google), 256)),
  made("Google's modulus less one", RANGE, (kit) => toBytes(modulusOf(kit.keys.google) - 1n, 256)),
  made('the padded hash, not signed at all', PADDING, (_, input) =>
    pkcs1(Buffer.concat([SHA256_PREFIX, sha256(input)])),
  ),
  made('the hash', PADDING, (_, input) => sha256(input)),
  made('the first two segments', INPUT, (_, input) => input),
  made('the header', INPUT, (kit) => JSON.stringify(kit.header)),
  changed('without its last byte', LENGTH, (signature) => signature.subarray(0, -1)),
  changed('without its first byte', LENGTH, (signature) => signature.subarray(1)),
  changed('cut to half', LENGTH, (signature) => signature.subarray(0, 128)),
  changed('with a zero byte behind', LENGTH, (signature) => Buffer.concat([signature, Buffer.alloc(1)])),
  changed('with a zero byte in front', LENGTH, (signature) => Buffer.concat([Buffer.alloc(1), signature])),
  changed('with 256 zero bytes in front', LENGTH, (signature) => Buffer.concat([Buffer.alloc(256), signature])),
  changed('with three bytes behind', LENGTH, (signature) => Buffer.concat([signature, Buffer.from('abc')])),
  changed('twice', LENGTH, (signature) => Buffer.concat([signature, signature])),
  changed('with its first bit flipped', INPUT, (signature) => flipped(signature, 0, 0x80)),
  changed('with its last bit flipped', INPUT, (signature) => flipped(signature, 255, 0x01)),
  changed('with a bit in the middle flipped', INPUT, (signature) => flipped(signature, 128, 0x10)),
  changed('with its bytes in reverse', INPUT, (signature) => signature.reverse()),
  changed('in hex', INPUT, (signature) => Buffer.from(signature.toString('hex'))),
  changed('in hex, not encoded', INPUT, (signature) => Buffer.from(signature.toString('hex'), 'base64url')),
  changed('in base64 twice', INPUT, (signature) => Buffer.from(signature.toString('base64'))),
  changed('in an ASN.1 octet string', 'RFC 5652 §5.3', (signature) =>
    Buffer.concat([Buffer.from('04820100', 'hex'), signature]),
  ),
  changed('in an ASN.1 bit string', 'RFC 5280 §4.1', (signature) =>
    Buffer.concat([Buffer.from('0382010100', 'hex'), signature]),
  ),
  [
    'the signature without the zero byte that it begins with',
    LENGTH,
    (kit) => {
      const { input, signature } = signatureWith(kit, (candidate) => candidate < 2n ** 2040n);
      return join(input, toBytes(signature, 255));
    },
  ],
  [
    'the signature plus the modulus, in 256 bytes',
    RANGE,
    (kit) => {
      const modulus = modulusOf(kit.keys.google);
      const { input, signature } = signatureWith(kit, (candidate) => candidate + modulus < 2n ** 2048n);
      return join(input, toBytes(signature + modulus, 256));
    },
  ],
  [
    'the signature plus the modulus, in 257 bytes',
    LENGTH,
    (kit) => {
      const { input, signature } = signatureWith(kit, () => true);
      return join(input, toBytes(signature + modulusOf(kit.keys.google), 257));
    },
  ],
  [
    'the modulus less the signature',
    RANGE,
    (kit) => {
      const { input, signature } = signatureWith(kit, () => true);
      return join(input, toBytes(modulusOf(kit.keys.google) - signature, 256));
    },
  ],

  made("an attacker's", INPUT, (kit, input) => rs256(kit.keys.attacker, input)),
  [
    "another of Google's keys signed, not the one that is named",
    'clerk/javascript#9394',
    async (kit) => {
      const [, payload, signature] = segmentsOf(await kit.google.idToken(kit.claims as { aud: unknown }));
      return `${encode(kit.header)}.${payload}.${signature}`;
    },
  ],
  [
    'the signature of another good token',
    INPUT,
    (kit) => {
      const [header, payload] = segmentsOf(kit.token());
      const [, , signature] = segmentsOf(kit.token({ iat: kit.now - 1 }));
      return `${header}.${payload}.${signature}`;
    },
  ],
  [
    'the header of another good token',
    INPUT,
    (kit) => {
      const [, payload, signature] = segmentsOf(kit.token());
      return `${encode({ ...kit.header, typ: 'at+jwt' })}.${payload}.${signature}`;
    },
  ],
  [
    'a payload that says the same in other bytes',
    INPUT,
    (kit) => {
      const [header, , signature] = segmentsOf(kit.token());
      return `${header}.${encode(JSON.stringify(kit.claims, null, 1))}.${signature}`;
    },
  ],
  [
    'a header that says the same in other bytes',
    INPUT,
    (kit) => {
      const [, payload, signature] = segmentsOf(kit.token());
      return `${encode(`${JSON.stringify(kit.header)} `)}.${payload}.${signature}`;
    },
  ],
  forgedClaim('sub', '1'),
  forgedClaim('email', 'somebody-else@my-project.iam.gserviceaccount.com'),
  forgedClaim('aud', 'https://other.example.com'),
  forgedClaim('iss', 'https://attacker.example'),
  forgedClaim('exp', 1_760_007_200),
  [
    'an expired token with a bad signature',
    'RFC 7519 §7.2',
    (kit) => kit.token({ exp: kit.now - 3600, iat: kit.now - 7200 }).replace(/[^.]*$/, encode('no signature')),
  ],
  [
    'a token of another issuer with a bad signature',
    'RFC 7519 §7.2',
    (kit) => kit.token({ iss: 'https://securetoken.google.com/my-project' }).replace(/[^.]*$/, encode('no signature')),
  ],
  ['no claims and a bad signature', 'RFC 7519 §7.2', (kit) => join(signingInput(kit.header, {}), 'x')],

  over('the payload only', (_, __, payload) => payload),
  over('the header only', (_, header) => header),
  over('the payload before the header', (_, header, payload) => `${payload}.${header}`),
  over('header and payload without the dot', (_, header, payload) => `${header}${payload}`),
  over('header and payload and one more dot', (input) => `${input}.`),
  over('the decoded segments', (_, header, payload) =>
    Buffer.concat([Buffer.from(header, 'base64url'), Buffer.from('.'), Buffer.from(payload, 'base64url')]),
  ),
  over('the decoded payload', (_, __, payload) => Buffer.from(payload, 'base64url')),
  over('UTF-16', (input) => Buffer.from(input, 'utf16le')),
  over('a line feed behind', (input) => `${input}\n`),
  over('lower case', (input) => input.toLowerCase()),
  over('the hash instead of the bytes', (input) => sha256(input)),
  over('the hash in hex', (input) => sha256(input).toString('hex')),
  over('nothing', () => ''),

  made('made with SHA-512', 'RFC 7518 §3.3', (kit, input) =>
    sign('sha512', Buffer.from(input), kit.keys.google.privateKey),
  ),
  made('made with SHA-384', 'RFC 7518 §3.3', (kit, input) =>
    sign('sha384', Buffer.from(input), kit.keys.google.privateKey),
  ),
  made('made with SHA-224', 'RFC 7518 §3.3', (kit, input) =>
    sign('sha224', Buffer.from(input), kit.keys.google.privateKey),
  ),
  made('made with SHA-1', 'RFC 8725 §3.2', (kit, input) =>
    sign('sha1', Buffer.from(input), kit.keys.google.privateKey),
  ),
  made('made with MD5', 'RFC 8725 §3.2', (kit, input) => sign('md5', Buffer.from(input), kit.keys.google.privateKey)),
  made('padded as RSASSA-PSS', 'RFC 7518 §3.5', (kit, input) => pss(kit.keys.google, 'sha256', input)),
  made('padded as RSASSA-PSS with SHA-512', 'RFC 7518 §3.5', (kit, input) => pss(kit.keys.google, 'sha512', input)),
  padded('the right padding but another block type', PADDING, (hash) => pkcs1(digestInfo(hash), 2)),
  padded('block type zero', PADDING, (hash) => pkcs1(digestInfo(hash), 0)),
  padded('a filler of zeros', PADDING, (hash) => pkcs1(digestInfo(hash), 1, 0)),
  padded('a filler of other bytes', PADDING, (hash) => pkcs1(digestInfo(hash), 1, 0xfe)),
  padded('a short filler and garbage behind the hash', 'CVE-2006-4339', hashInFront),
  padded('a DigestInfo without the NULL of its parameters', 'RFC 8017 §9.2 note 2', (hash) =>
    pkcs1(Buffer.concat([PREFIX_WITHOUT_NULL, hash])),
  ),
  padded('a DigestInfo with lengths in long form', 'CVE-2014-1568', (hash) =>
    pkcs1(Buffer.concat([PREFIX_WITH_LONG_LENGTHS, hash])),
  ),
  padded('a DigestInfo that says SHA-512', PADDING, (hash) => pkcs1(Buffer.concat([PREFIX_OF_SHA512, hash]))),
  padded('a DigestInfo with a byte behind', PADDING, (hash) =>
    pkcs1(Buffer.concat([digestInfo(hash), Buffer.alloc(1)])),
  ),
  padded('the bare hash, padded without DigestInfo', PADDING, (hash) => pkcs1(hash)),
  padded('the bare hash without padding', PADDING, (hash) => Buffer.concat([Buffer.alloc(224), hash])),
  padded('half of the hash', PADDING, (hash) => pkcs1(digestInfo(hash.subarray(0, 16)))),

  made('an HMAC with the public key as secret', 'RFC 8725 §2.1', (kit, input) =>
    hmac('sha256', kit.keys.google.publicKey.export({ type: 'spki', format: 'pem' }).toString(), input),
  ),
  made('made with ECDSA', 'RFC 7518 §3.4', (kit, input) =>
    sign('sha256', Buffer.from(input), { key: kit.keys.ec.privateKey, dsaEncoding: 'ieee-p1363' }),
  ),
  made('made with ECDSA, in DER', 'RFC 7518 §3.4', (kit, input) =>
    sign('sha256', Buffer.from(input), kit.keys.ec.privateKey),
  ),
  made('made with Ed25519', 'RFC 8037 §3.1', (kit, input) =>
    sign(null, Buffer.from(input), kit.keys.ed25519.privateKey),
  ),
  made('the marker of Cloud Run and a letter', 'Google facts: Cloud Run', () =>
    Buffer.from('SIGNATURE_REMOVED_BY_GOOGLEA', 'base64url'),
  ),
  made('the marker of Cloud Run, encoded', 'Google facts: Cloud Run', () => 'SIGNATURE_REMOVED_BY_GOOGLE'),
];

function digestInfo(hash: Uint8Array): Buffer {
  return Buffer.concat([SHA256_PREFIX, hash]);
}

function flipped(signature: Buffer, index: number, bits: number): Buffer {
  const copy = Buffer.from(signature);
  copy[index] = (copy[index] ?? 0) ^ bits;
  return copy;
}

/** Cloud Run's marker behind a header and a payload, whatever else is wrong with the claims. */
function removed(name: string, claims: (kit: Kit) => object, header: object = {}): HostileInput {
  return {
    name: `the marker of Cloud Run ${name}`,
    source: 'Google facts: Cloud Run',
    code: 'signature_removed',
    token: (kit) =>
      `${signingInput({ ...kit.header, ...header }, { ...kit.claims, ...claims(kit) })}.SIGNATURE_REMOVED_BY_GOOGLE`,
  };
}

/** The marker spelt so that the segment is not base64url any more. */
function misspelt(name: string, marker: string): HostileInput {
  return {
    name: `the marker of Cloud Run ${name}`,
    source: 'RFC 4648 §3.5',
    code: 'token_malformed',
    token: (kit) => `${signingInput(kit.header, kit.claims)}.${marker}`,
  };
}

/** Tokens whose signature is not what RS256 with the named key makes of the first two segments. */
export const signature: readonly HostileInput[] = [
  ...invalid.map(([name, source, token]): HostileInput => ({ name, source, code: 'signature_invalid', token })),
  removed('behind a good token', () => ({})),
  removed('behind an expired token', ({ now }) => ({ iat: now - 7200, exp: now - 3600 })),
  removed('behind a token for another service', () => ({ aud: 'https://other.example.com' })),
  removed('behind no claims at all', () => ({ iss: undefined, aud: undefined, sub: undefined, exp: undefined })),
  removed('behind a kid that nobody knows', () => ({}), { kid: 'unknown' }),
  misspelt('in lower case', 'signature_removed_by_google'),
  misspelt('with padding', 'SIGNATURE_REMOVED_BY_GOOGLE='),
  misspelt('with a letter less', 'SIGNATURE_REMOVED_BY_GOOGL'),
  {
    name: 'the marker of Cloud Run in place of the payload',
    source: 'Google facts: Cloud Run',
    code: 'token_malformed',
    token: (kit) => `${encode(kit.header)}.SIGNATURE_REMOVED_BY_GOOGLE.SIGNATURE_REMOVED_BY_GOOGLE`,
  },
];
