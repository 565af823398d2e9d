import { deflateRawSync } from 'node:zlib';
import { encode, join, rs256 } from '../forge.ts';
import type { HostileInput } from '../hostile-input.ts';
import type { Kit } from '../kit.ts';

type Row = readonly [name: string, source: string, token: (kit: Kit) => string];

/** A good token with these header parameters besides. */
function withHeader(source: string, header: object): Row {
  return [JSON.stringify(header), source, (kit) => kit.token({}, header)];
}

const CRIT = 'RFC 7515 §4.1.11';
const B64 = 'RFC 7797 §3';
const ZIP = 'RFC 7516 §4.1.3';

const rows: readonly Row[] = [
  withHeader('CVE-2026-35042', { crit: ['x-mfa'], 'x-mfa': true }),
  withHeader(CRIT, { crit: ['http://example.com/UNDEFINED'], 'http://example.com/UNDEFINED': true }),
  withHeader(CRIT, { crit: ['not-there'] }),
  withHeader(CRIT, { crit: ['alg'] }),
  withHeader(CRIT, { crit: ['kid', 'typ'] }),
  withHeader(CRIT, { crit: ['exp'], exp: 1 }),
  withHeader(CRIT, { crit: ['crit'] }),
  withHeader(CRIT, { crit: [] }),
  withHeader(CRIT, { crit: [''] }),
  withHeader(CRIT, { crit: [null] }),
  withHeader(CRIT, { crit: ['x', 'x'], x: 1 }),
  withHeader(CRIT, { crit: null }),
  withHeader(CRIT, { crit: false }),
  withHeader(CRIT, { crit: 0 }),
  withHeader(CRIT, { crit: '' }),
  withHeader(CRIT, { crit: 'exp' }),
  withHeader(CRIT, { crit: {} }),
  withHeader('CWE-1321', { crit: ['__proto__'] }),
  withHeader('CWE-1321', { crit: ['constructor'] }),
  withHeader(B64, { b64: true }),
  withHeader(B64, { b64: false }),
  withHeader(B64, { b64: null }),
  withHeader(B64, { b64: 'false' }),
  withHeader(B64, { b64: 0 }),
  withHeader('RFC 7797 §6', { b64: true, crit: ['b64'] }),
  withHeader('RFC 7797 §6', { b64: false, crit: ['b64'] }),
  withHeader(ZIP, { zip: 'DEF' }),
  withHeader(ZIP, { zip: 'GZIP' }),
  withHeader(ZIP, { zip: '' }),
  withHeader(ZIP, { zip: null }),
  [
    'an escaped name of crit',
    'RFC 8259 §8.3',
    (kit) => kit.signed(`{"\\u0063rit":["x"],${JSON.stringify(kit.header).slice(1)}`, kit.claims),
  ],
  [
    'crit twice, the last one empty',
    'RFC 7515 §4',
    (kit) => kit.signed(`{"crit":["x"],"crit":[],${JSON.stringify(kit.header).slice(1)}`, kit.claims),
  ],
  [
    'an unencoded payload, signed as RFC 7797 wants it',
    'RFC 7797 §5.2',
    (kit) => {
      const header = encode({ ...kit.header, b64: false, crit: ['b64'] });
      const claims = JSON.stringify(kit.claims).replaceAll('.', '\\u002e');
      return `${header}.${claims}.${encode(rs256(kit.keys.google, `${header}.${claims}`))}`;
    },
  ],
  [
    'an encoded payload, signed as if it were not',
    'RFC 7797 §5.1',
    (kit) => {
      const header = encode({ ...kit.header, b64: false, crit: ['b64'] });
      const signature = rs256(kit.keys.google, `${header}.${JSON.stringify(kit.claims)}`);
      return join(`${header}.${encode(kit.claims)}`, signature);
    },
  ],
  [
    'a compressed payload',
    'CVE-2024-28176',
    (kit) => kit.signed({ ...kit.header, zip: 'DEF' }, deflateRawSync(JSON.stringify(kit.claims))),
  ],
  [
    'a payload that inflates to ten megabytes',
    'CVE-2024-28176',
    (kit) => kit.signed({ ...kit.header, zip: 'DEF' }, deflateRawSync(Buffer.alloc(10_000_000, ' '))),
  ],
];

/** Extensions of JWS: all those that are marked critical, and two that change what the payload means. */
export const crit: readonly HostileInput[] = rows.map(([name, source, token]) => ({
  name: `header extension: ${name}`,
  source,
  code: 'token_malformed',
  token,
}));
