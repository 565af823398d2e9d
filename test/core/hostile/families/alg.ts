import { sign } from 'node:crypto';
import { encode, hmac, join, pss, rs256, segmentsOf, signingInput } from '../forge.ts';
import type { HostileInput } from '../hostile-input.ts';
import type { Kit } from '../kit.ts';

type Row = readonly [name: string, source: string, token: (kit: Kit) => string];

/** A good token that names another algorithm. Its signature is what RS256 makes of it all the same. */
function naming(alg: unknown, source = 'RFC 7515 §4.1.1'): Row {
  return [`alg ${JSON.stringify(alg)}`, source, (kit) => kit.token({}, { alg })];
}

/** Without any signature, as unsecured tokens are (RFC 7519 §6). */
function unsigned(alg: string, source = 'RFC 8725 §3.2'): Row {
  return [
    `alg ${JSON.stringify(alg)} and no signature`,
    source,
    (kit) => join(signingInput({ ...kit.header, alg }, kit.claims), ''),
  ];
}

/** Signed with a shared secret that everybody knows: Google's public key in one of its spellings. */
function withPublicKey(name: string, secret: (kit: Kit) => string | Uint8Array, source = 'RFC 8725 §2.1'): Row {
  return [
    `alg "HS256", the secret is ${name}`,
    source,
    (kit) => {
      const input = signingInput({ ...kit.header, alg: 'HS256' }, kit.claims);
      return join(input, hmac('sha256', secret(kit), input));
    },
  ];
}

/** Rightly signed with Google's own key, or one like it, by an algorithm that is not RS256. */
function rightlySigned(alg: string, signature: (kit: Kit, input: string) => Uint8Array, note = ''): Row {
  return [
    `alg ${JSON.stringify(alg)}, rightly signed${note}`,
    'RFC 8725 §3.1',
    (kit) => {
      const input = signingInput({ ...kit.header, alg }, kit.claims);
      return join(input, signature(kit, input));
    },
  ];
}

function pem(kit: Kit, type: 'spki' | 'pkcs1'): string {
  return kit.keys.google.publicKey.export({ type, format: 'pem' }).toString();
}

function ecdsa(kit: Kit, hash: string, input: string): Uint8Array {
  return sign(hash, Buffer.from(input), { key: kit.keys.ec.privateKey, dsaEncoding: 'ieee-p1363' });
}

/** The header written by hand: the good one with this text in place of its `alg`. */
function written(name: string, source: string, members: string): Row {
  return [
    name,
    source,
    (kit) => kit.signed(`{"kid":${JSON.stringify(kit.header['kid'])},"typ":"JWT"${members}}`, kit.claims),
  ];
}

const rows: readonly Row[] = [
  unsigned('none'),
  unsigned('None'),
  unsigned('NONE'),
  unsigned('nOnE'),
  unsigned('none '),
  unsigned('', 'CVE-2022-23540'),
  naming('none', 'CVE-2022-23540'),
  naming(undefined),
  naming(null),
  naming(true),
  naming(256),
  naming(['RS256']),
  naming([]),
  naming({ alg: 'RS256' }),
  naming({ toString: 'RS256' }),
  naming(''),
  naming('rs256'),
  naming('Rs256'),
  naming('RS256 '),
  naming(' RS256'),
  naming('\tRS256'),
  naming('RS256\n'),
  naming('RS256\0'),
  naming('RS256\0none'),
  naming('RS-256'),
  naming('RS256,none'),
  naming('RS256;none'),
  naming('SHA256withRSA'),
  naming('RSA-SHA256'),
  naming('RSASSA-PKCS1-v1_5'),
  naming('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'),
  naming('\uff32\uff33256', 'Unicode TR 36'),
  naming('R\u0405256', 'Unicode TR 36'),
  naming('RS\u200b256', 'Unicode TR 36'),
  naming('RS256\u0301', 'Unicode TR 36'),
  naming('__proto__', 'CWE-1321'),
  naming('constructor', 'CWE-1321'),
  naming('toString', 'CWE-1321'),
  naming('HS256'),
  naming('ES256'),
  naming('RS1'),
  naming('RSA1_5', 'RFC 7518 §4.2'),
  naming('RSA-OAEP', 'RFC 7518 §4.3'),
  naming('dir', 'RFC 7518 §4.5'),
  naming('A256GCMKW', 'RFC 7518 §4.7'),
  naming('R'.repeat(10_000), 'CWE-400'),
  withPublicKey('Google’s key as PEM', (kit) => pem(kit, 'spki'), 'CVE-2016-10555'),
  withPublicKey('Google’s key as PEM without its last line feed', (kit) => pem(kit, 'spki').trimEnd()),
  withPublicKey('Google’s key as PEM behind white space', (kit) => `\n ${pem(kit, 'spki')}`, 'CVE-2026-34950'),
  withPublicKey('Google’s key as PEM with CR LF', (kit) => pem(kit, 'spki').replaceAll('\n', '\r\n')),
  withPublicKey('Google’s key as PEM of PKCS #1', (kit) => pem(kit, 'pkcs1'), 'CVE-2023-48223'),
  withPublicKey('Google’s key as DER', (kit) => kit.keys.google.publicKey.export({ type: 'spki', format: 'der' })),
  withPublicKey('Google’s key as DER of PKCS #1', (kit) =>
    kit.keys.google.publicKey.export({ type: 'pkcs1', format: 'der' }),
  ),
  withPublicKey('Google’s key as JWK', (kit) => JSON.stringify(kit.keys.google.publicKey.export({ format: 'jwk' }))),
  withPublicKey('Google’s modulus as text', (kit) => kit.keys.google.publicKey.export({ format: 'jwk' }).n ?? ''),
  withPublicKey('Google’s modulus as bytes', (kit) =>
    Buffer.from(kit.keys.google.publicKey.export({ format: 'jwk' }).n ?? '', 'base64url'),
  ),
  withPublicKey('the kid', (kit) => kit.keys.google.kid, 'GHSA-869p-cjfg-cm3x'),
  withPublicKey('empty', () => '', 'RFC 7518 §3.2'),
  withPublicKey('the word "secret"', () => 'secret'),
  rightlySigned('HS384', (kit, input) => hmac('sha384', pem(kit, 'spki'), input)),
  rightlySigned('HS512', (kit, input) => hmac('sha512', pem(kit, 'spki'), input)),
  rightlySigned('RS384', (kit, input) => sign('sha384', Buffer.from(input), kit.keys.google.privateKey)),
  rightlySigned('RS512', (kit, input) => sign('sha512', Buffer.from(input), kit.keys.google.privateKey)),
  rightlySigned('PS256', (kit, input) => pss(kit.keys.google, 'sha256', input)),
  rightlySigned('PS384', (kit, input) => pss(kit.keys.google, 'sha384', input)),
  rightlySigned('PS512', (kit, input) => pss(kit.keys.google, 'sha512', input)),
  rightlySigned('RS1', (kit, input) => sign('sha1', Buffer.from(input), kit.keys.google.privateKey)),
  rightlySigned('ES256', (kit, input) => ecdsa(kit, 'sha256', input)),
  rightlySigned('ES384', (kit, input) => ecdsa(kit, 'sha384', input)),
  rightlySigned('EdDSA', (kit, input) => sign(null, Buffer.from(input), kit.keys.ed25519.privateKey)),
  rightlySigned('Ed25519', (kit, input) => sign(null, Buffer.from(input), kit.keys.ed25519.privateKey)),
  rightlySigned('PS256', (kit, input) => rs256(kit.keys.google, input), ' with RS256'),
  [
    'alg "ES256" with a signature of zeros',
    'CVE-2022-21449',
    (kit) => join(signingInput({ ...kit.header, alg: 'ES256' }, kit.claims), Buffer.alloc(64)),
  ],
  [
    'alg "PBES2-HS256+A128KW" with two thousand million iterations',
    'CVE-2022-36083',
    (kit) =>
      kit.token({}, { alg: 'PBES2-HS256+A128KW', enc: 'A128CBC-HS256', p2c: 2_000_000_000, p2s: encode('salt') }),
  ],
  [
    'an assertion of Identity-Aware Proxy',
    'Google facts: Identity-Aware Proxy',
    (kit) => kit.token({ iss: 'https://cloud.google.com/iap' }, { alg: 'ES256', kid: '4BCyVw' }),
  ],
  [
    'a token of an emulator',
    'Google facts: emulators',
    (kit) => join(signingInput({ alg: 'none', typ: 'JWT' }, { ...kit.claims, iss: 'http://localhost:9099' }), ''),
  ],
  ['a header without members', 'RFC 7515 §4', (kit) => kit.signed({}, kit.claims)],
  [
    'header and payload swapped',
    'RFC 7515 §7.1',
    (kit) => {
      const [header, payload, signature] = segmentsOf(kit.token());
      return `${payload}.${header}.${signature}`;
    },
  ],
  written('alg twice, the last one none', 'RFC 7515 §4', ',"alg":"RS256","alg":"none"'),
  written('alg once more, escaped', 'RFC 8259 §8.3', ',"alg":"RS256","\\u0061lg":"none"'),
  written('alg in __proto__ only', 'CWE-1321', ',"__proto__":{"alg":"RS256"}'),
  written('alg in constructor.prototype only', 'CWE-1321', ',"constructor":{"prototype":{"alg":"RS256"}}'),
  written('alg in upper case', 'RFC 7515 §4', ',"ALG":"RS256"'),
  written('alg with a space behind its name', 'RFC 7515 §4', ',"alg ":"RS256"'),
];

/** Tokens whose `alg` is anything but RS256. */
export const alg: readonly HostileInput[] = rows.map(([name, source, token]) => ({
  name,
  source,
  code: 'algorithm_unsupported',
  token,
}));
