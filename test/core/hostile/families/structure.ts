import { encode, segmentsOf, signingInput } from '../forge.ts';
import type { HostileInput } from '../hostile-input.ts';
import type { Kit } from '../kit.ts';

type Row = readonly [name: string, source: string, token: (kit: Kit) => string];

const COMPACT = 'RFC 7515 §7.1';
const JSON_FORM = 'RFC 7515 §7.2';
const JWE = 'RFC 7516 §7.1';
const FACTS = 'Google facts: access tokens';

/** A dot and 256 bytes. */
const SIGNATURE_LENGTH = 343;

/** A good token, its segments put together in another way. */
function rearranged(kit: Kit, put: (header: string, payload: string, signature: string) => string): string {
  return put(...segmentsOf(kit.token()));
}

const rows: readonly Row[] = [
  ['nothing at all', COMPACT, () => ''],
  ['a single dot', COMPACT, () => '.'],
  ['two dots', COMPACT, () => '..'],
  ['three dots', COMPACT, () => '...'],
  ['nothing but 16,384 dots', COMPACT, () => '.'.repeat(16_384)],
  ['one segment: the header', COMPACT, (kit) => rearranged(kit, (h) => h)],
  ['one segment: the payload', COMPACT, (kit) => rearranged(kit, (_, p) => p)],
  ['two segments: no signature', COMPACT, (kit) => rearranged(kit, (h, p) => `${h}.${p}`)],
  ['two segments: no header', COMPACT, (kit) => rearranged(kit, (_, p, s) => `${p}.${s}`)],
  ['two segments: no payload', COMPACT, (kit) => rearranged(kit, (h, _, s) => `${h}.${s}`)],
  ['an empty header', COMPACT, (kit) => rearranged(kit, (_, p, s) => `.${p}.${s}`)],
  [
    'an empty payload: a detached signature',
    'RFC 7515 appendix F',
    (kit) => rearranged(kit, (h, _, s) => `${h}..${s}`),
  ],
  ['an empty payload that is signed', COMPACT, (kit) => kit.signed(kit.header, '')],
  ['an empty header that is signed', COMPACT, (kit) => kit.signed('', kit.claims)],
  ['four segments: a dot behind', COMPACT, (kit) => `${kit.token()}.`],
  ['four segments: a dot in front', COMPACT, (kit) => `.${kit.token()}`],
  ['four segments: a doubled dot', COMPACT, (kit) => rearranged(kit, (h, p, s) => `${h}.${p}..${s}`)],
  ['four segments: the header twice', COMPACT, (kit) => rearranged(kit, (h, p, s) => `${h}.${h}.${p}.${s}`)],
  ['four segments: the payload twice', COMPACT, (kit) => rearranged(kit, (h, p, s) => `${h}.${p}.${p}.${s}`)],
  ['four segments: the signature twice', COMPACT, (kit) => rearranged(kit, (h, p, s) => `${h}.${p}.${s}.${s}`)],
  ['four segments: another signature behind', COMPACT, (kit) => `${kit.token()}.${encode('another one')}`],
  ['five segments', JWE, (kit) => rearranged(kit, (h, p, s) => `${h}.${p}.${s}.${p}.${s}`)],
  ['five segments: two tokens with a dot between', COMPACT, (kit) => `${kit.token()}.${kit.token({ sub: '1' })}`],
  ['six segments', COMPACT, (kit) => rearranged(kit, (h, p, s) => `${h}.${p}.${s}.${h}.${p}.${s}`)],
  ['an encrypted token', JWE, () => `${encode({ alg: 'dir', enc: 'A256GCM' })}..${encode('iv')}.${encode('?')}.AAAA`],
  ['the segments in reverse', COMPACT, (kit) => rearranged(kit, (h, p, s) => `${s}.${p}.${h}`)],
  ['the signature in front', COMPACT, (kit) => rearranged(kit, (h, p, s) => `${s}.${h}.${p}`)],
  ['the whole token encoded once more', COMPACT, (kit) => encode(kit.token())],
  ['each segment encoded once more', COMPACT, (kit) => kit.token().split('.').map(encode).join('.')],
  ['decoded segments', COMPACT, (kit) => `${JSON.stringify(kit.header)}.${JSON.stringify(kit.claims)}.x`],
  ['the last character cut off', COMPACT, (kit) => kit.token().slice(0, -1)],
  ['the first character cut off', COMPACT, (kit) => kit.token().slice(1)],
  ['three characters behind', COMPACT, (kit) => `${kit.token()}AAA`],
  [
    'flattened JSON serialisation',
    JSON_FORM,
    (kit) => rearranged(kit, (h, p, s) => JSON.stringify({ protected: h, payload: p, signature: s })),
  ],
  [
    'general JSON serialisation',
    JSON_FORM,
    (kit) => rearranged(kit, (h, p, s) => JSON.stringify({ payload: p, signatures: [{ protected: h, signature: s }] })),
  ],
  ['a JSON string', COMPACT, (kit) => JSON.stringify(kit.token())],
  ['a JSON object with the token in it', COMPACT, (kit) => JSON.stringify({ id_token: kit.token() })],
  ['single quotes around it', COMPACT, (kit) => `'${kit.token()}'`],
  ['angle brackets around it', COMPACT, (kit) => `<${kit.token()}>`],
  ['the scheme in front of it', 'RFC 6750 §2.1', (kit) => `Bearer ${kit.token()}`],
  ['a data URL', COMPACT, (kit) => `data:;base64;${kit.token()}`],
  ['two tokens with a comma between', 'RFC 9110 §5.3', (kit) => `${kit.token()},${kit.token()}`],
  ['two tokens with a space between', 'RFC 6750 §2.1', (kit) => `${kit.token()} ${kit.token()}`],
  ['a comma behind', 'RFC 9110 §5.3', (kit) => `${kit.token()},`],
  ['a semicolon and a parameter behind', 'RFC 9110 §11.4', (kit) => `${kit.token()};charset=utf-8`],
  ['the dots percent-encoded', COMPACT, (kit) => kit.token().replaceAll('.', '%2E')],
  ['the dots as colons', COMPACT, (kit) => kit.token().replaceAll('.', ':')],
  ['the dots as commas', COMPACT, (kit) => kit.token().replaceAll('.', ',')],
  ['the dots full-width (U+FF0E)', 'Unicode TR 36', (kit) => kit.token().replaceAll('.', '\uff0e')],
  ['the dots ideographic (U+3002)', 'Unicode TR 46', (kit) => kit.token().replaceAll('.', '\u3002')],
  ['the dots in the middle (U+00B7)', 'Unicode TR 36', (kit) => kit.token().replaceAll('.', '\u00b7')],
  ['a byte order mark in front', 'RFC 8259 §8.1', (kit) => `\ufeff${kit.token()}`],
  ['a zero-width space in front', 'Unicode TR 36', (kit) => `\u200b${kit.token()}`],
  ['a soft hyphen behind', 'Unicode TR 36', (kit) => `${kit.token()}\u00ad`],
  ['a NUL in front', COMPACT, (kit) => `\0${kit.token()}`],
  ['a NUL behind', COMPACT, (kit) => `${kit.token()}\0`],
  ['a NUL and another token behind', COMPACT, (kit) => `${kit.token()}\0${kit.token()}`],
  ['a line feed in front', COMPACT, (kit) => `\n${kit.token()}`],
  ['a space behind', COMPACT, (kit) => `${kit.token()} `],
  ['a line feed behind', COMPACT, (kit) => `${kit.token()}\n`],
  ['CR LF and a header behind', 'RFC 9110 §5.5', (kit) => `${kit.token()}\r\nX-Admin: true`],
  ['a tab in front', COMPACT, (kit) => `\t${kit.token()}`],
  ['a no-break space behind', COMPACT, (kit) => `${kit.token()}\u00a0`],
  ['an OAuth access token', FACTS, () => `ya29.${'c'.repeat(180)}`],
  ['an OAuth access token with three parts', FACTS, () => `ya29.c.${'b0Aaekm1'.repeat(40)}`],
  ['an API key', FACTS, () => `AIza${'Sy'.repeat(18)}`],
  ['a UUID', 'RFC 9562', () => '00000000-0000-4000-8000-000000000000'],
  ['the word null', 'CWE-20', () => 'null'],
  ['the word undefined', 'CWE-20', () => 'undefined'],
  ['an unset variable of a shell', 'CWE-20', () => '$TOKEN'],
  ['16,385 characters of a good token', 'CVE-2024-28176', (kit) => tokenOfLength(kit, 16_385)],
  ['16,385 characters, none of them a dot', 'CWE-400', () => 'A'.repeat(16_385)],
  ['a good token with a signature of 16 KiB', 'CWE-400', (kit) => `${kit.token()}${'A'.repeat(16_384)}`],
  ['a header of 16 KiB', 'CWE-400', (kit) => kit.token({}, { pad: 'A'.repeat(16_384) })],
  ['a million characters of a good token', 'CWE-400', (kit) => kit.token({ pad: 'A'.repeat(750_000) })],
  ['a million dots', 'CWE-400', () => '.'.repeat(1_000_000)],
];

/** A good token of exactly this many characters. */
export function tokenOfLength(kit: Kit, length: number): string {
  // A segment cannot have every length: its last group has two, three or four characters. The header makes up for it.
  for (const extra of ['', 'h', 'hh']) {
    for (let pad = Math.floor((length * 3) / 4); pad > 0; pad -= 1) {
      const [header, claims] = [{ extra }, { pad: 'p'.repeat(pad) }];
      const input = signingInput({ ...kit.header, ...header }, { ...kit.claims, ...claims });
      if (input.length + SIGNATURE_LENGTH === length) {
        return kit.token(claims, header);
      }
    }
  }
  throw new Error(`No token has ${length} characters.`);
}

/** Texts that are not three segments, or too many characters. */
export const structure: readonly HostileInput[] = rows.map(([name, source, token]) => ({
  name,
  source,
  code: 'token_malformed',
  token,
}));
