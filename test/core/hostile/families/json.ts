import { gzipSync } from 'node:zlib';
import type { HostileInput } from '../hostile-input.ts';

type Row = readonly [name: string, source: string, write: (json: string) => string | Uint8Array];

/** Puts bytes in place of the first letter of a string value. */
function withBytes(json: string, ...bytes: number[]): Uint8Array {
  return Buffer.concat([Buffer.from(`${json.slice(0, -1)},"odd":"`), Buffer.from(bytes), Buffer.from('"}')]);
}

/** Puts a member with this value, not necessarily JSON, behind the others. */
function withMember(json: string, member: string): string {
  return `${json.slice(0, -1)},${member}}`;
}

const ROOT = 'RFC 7515 §4, RFC 7519 §7.2';
const GRAMMAR = 'RFC 8259 §2';
const NUMBERS = 'RFC 8259 §6';
const STRINGS = 'RFC 8259 §7';
const ENCODING = 'RFC 8259 §8.1';
const UTF8 = 'RFC 3629 §3';

/** What a lenient reader takes for JSON, and what is JSON but no object. */
const rows: readonly Row[] = [
  ['null', ROOT, () => 'null'],
  ['true', ROOT, () => 'true'],
  ['a number', ROOT, () => '1760000000'],
  ['an empty string', ROOT, () => '""'],
  ['a string', ROOT, () => '"RS256"'],
  ['a string of JSON', ROOT, (json) => JSON.stringify(json)],
  ['an empty list', ROOT, () => '[]'],
  ['a list with the object in it', ROOT, (json) => `[${json}]`],
  ['a list of names and values', ROOT, (json) => JSON.stringify(Object.entries(JSON.parse(json)))],
  ['4,000 nested lists', 'RFC 8259 §9', () => '['.repeat(4_000) + ']'.repeat(4_000)],
  ['8,000 lists that never end', 'RFC 8259 §9', () => '['.repeat(8_000)],
  ['2,000 objects that never end', 'RFC 8259 §9', () => '{"a":'.repeat(2_000)],
  ['white space only', GRAMMAR, () => ' \n\t '],
  ['text', GRAMMAR, () => 'alg=RS256&kid=1'],
  ['XML', GRAMMAR, () => '<?xml version="1.0"?><alg>RS256</alg>'],
  ['YAML', GRAMMAR, () => 'alg: RS256\nkid: "1"\n'],
  ['CBOR', 'RFC 8949', () => Buffer.from('a163616c67655253323536', 'hex')],
  ['compressed', 'CVE-2024-28176', (json) => gzipSync(json)],
  ['one byte, zero', GRAMMAR, () => Buffer.from([0])],
  ['a first brace without the last', GRAMMAR, (json) => json.slice(0, -1)],
  ['a last brace without the first', GRAMMAR, (json) => json.slice(1)],
  ['with a second last brace', GRAMMAR, (json) => `${json}}`],
  ['with a second object behind', GRAMMAR, (json) => `${json}${json}`],
  ['with a second object behind a line feed', 'RFC 7464', (json) => `${json}\n${json}`],
  ['with a NUL behind', GRAMMAR, (json) => `${json}\0`],
  ['with a NUL in front', GRAMMAR, (json) => `\0${json}`],
  ['with a guard against inclusion in front', GRAMMAR, (json) => `)]}'\n${json}`],
  ['as a call of a function', GRAMMAR, (json) => `callback(${json})`],
  ['with a trailing comma', GRAMMAR, (json) => `${json.slice(0, -1)},}`],
  ['with two commas', GRAMMAR, (json) => withMember(json, ',"odd":1')],
  ['with a comment', GRAMMAR, (json) => `/* signed */${json}`],
  ['with a comment to the end of the line', GRAMMAR, (json) => `${json}// signed`],
  ['in single quotes', GRAMMAR, (json) => json.replaceAll('"', "'")],
  ['with a name without quotes', GRAMMAR, (json) => withMember(json, 'odd:1')],
  ['with a name that is a number', GRAMMAR, (json) => withMember(json, '1:1')],
  ['with a name and no value', GRAMMAR, (json) => withMember(json, '"odd"')],
  ['with a value that is undefined', GRAMMAR, (json) => withMember(json, '"odd":undefined')],
  ['with True', GRAMMAR, (json) => withMember(json, '"odd":True')],
  ['with NaN', NUMBERS, (json) => withMember(json, '"odd":NaN')],
  ['with Infinity', NUMBERS, (json) => withMember(json, '"odd":Infinity')],
  ['with -Infinity', NUMBERS, (json) => withMember(json, '"odd":-Infinity')],
  ['with a hexadecimal number', NUMBERS, (json) => withMember(json, '"odd":0x10')],
  ['with a big integer of JavaScript', NUMBERS, (json) => withMember(json, '"odd":1n')],
  ['with a plus sign in front of a number', NUMBERS, (json) => withMember(json, '"odd":+1')],
  ['with a leading zero', NUMBERS, (json) => withMember(json, '"odd":01')],
  ['with a fraction without integer', NUMBERS, (json) => withMember(json, '"odd":.5')],
  ['with a point without fraction', NUMBERS, (json) => withMember(json, '"odd":1.')],
  ['with a number in full-width digits', NUMBERS, (json) => withMember(json, '"odd":\uff11')],
  ['with a line feed in a string', STRINGS, (json) => withMember(json, '"odd":"a\nb"')],
  ['with a NUL in a string', STRINGS, (json) => withMember(json, '"odd":"a\0b"')],
  ['with a tab in a name', STRINGS, (json) => withMember(json, '"o\td":1')],
  ['with an escape that JSON does not have', STRINGS, (json) => withMember(json, '"odd":"\\x41"')],
  ['with an escape of JavaScript', STRINGS, (json) => withMember(json, '"odd":"\\u{41}"')],
  ['with an escape cut short', STRINGS, (json) => withMember(json, '"odd":"\\u00"')],
  ['with a string that does not end', STRINGS, (json) => withMember(json, '"odd":"')],
  ['with curly quotes', STRINGS, (json) => withMember(json, '\u201codd\u201d:1')],
  ['with a no-break space between', GRAMMAR, (json) => withMember(json, '\u00a0"odd":1')],
  ['with a form feed between', GRAMMAR, (json) => withMember(json, '\f"odd":1')],
  ['with a vertical tab between', GRAMMAR, (json) => withMember(json, '\v"odd":1')],
  ['with a line separator (U+2028) between', GRAMMAR, (json) => withMember(json, '\u2028"odd":1')],
  ['with a byte order mark', ENCODING, (json) => `\ufeff${json}`],
  ['with a byte order mark behind', ENCODING, (json) => `${json}\ufeff`],
  ['in UTF-16, little endian', ENCODING, (json) => Buffer.from(json, 'utf16le')],
  ['in UTF-16, big endian', ENCODING, (json) => Buffer.from(json, 'utf16le').swap16()],
  ['in UTF-16 with a byte order mark', ENCODING, (json) => Buffer.from(`\ufeff${json}`, 'utf16le')],
  ['in UTF-32', ENCODING, (json) => Buffer.from(Uint32Array.from(json, (char) => char.charCodeAt(0)).buffer)],
  ['in UTF-7', ENCODING, (json) => json.replaceAll('"', '+ACI-')],
  ['in EBCDIC', ENCODING, () => Buffer.from('c07f8193877f7a7fd9e2f2f5f67fd0', 'hex')],
  ['in Latin-1', ENCODING, (json) => withBytes(json, 0xe9)],
  ['with the byte FF', UTF8, (json) => withBytes(json, 0xff)],
  ['with the byte FE', UTF8, (json) => withBytes(json, 0xfe)],
  ['with a continuation byte alone', UTF8, (json) => withBytes(json, 0x80)],
  ['with a first byte alone', UTF8, (json) => withBytes(json, 0xc3)],
  ['with an overlong quotation mark', UTF8, (json) => withBytes(json, 0xc0, 0xa2)],
  ['with an overlong slash of two bytes', UTF8, (json) => withBytes(json, 0xc0, 0xaf)],
  ['with an overlong slash of three bytes', UTF8, (json) => withBytes(json, 0xe0, 0x80, 0xaf)],
  ['with an overlong slash of four bytes', UTF8, (json) => withBytes(json, 0xf0, 0x80, 0x80, 0xaf)],
  ['with an overlong NUL', UTF8, (json) => withBytes(json, 0xc0, 0x80)],
  ['with a lone surrogate as bytes', UTF8, (json) => withBytes(json, 0xed, 0xa0, 0x80)],
  ['with a pair of surrogates as bytes', UTF8, (json) => withBytes(json, 0xed, 0xa0, 0xbd, 0xed, 0xb4, 0x91)],
  ['with a character beyond Unicode', UTF8, (json) => withBytes(json, 0xf4, 0x90, 0x80, 0x80)],
  ['with a sequence of five bytes', UTF8, (json) => withBytes(json, 0xf8, 0x88, 0x80, 0x80, 0x80)],
  ['with a character cut in the middle', UTF8, (json) => withBytes(json, 0xf0, 0x9f, 0x94)],
  ['with a byte that is not UTF-8 behind', UTF8, (json) => Buffer.concat([Buffer.from(json), Buffer.from([0xff])])],
];

/** Headers and payloads that are signed as they are, and are not JSON objects in UTF-8. */
export const json: readonly HostileInput[] = (['header', 'payload'] as const).flatMap((which) =>
  rows.map(
    ([name, source, write]): HostileInput => ({
      name: `a ${which}: ${name}`,
      source,
      code: 'token_malformed',
      token: (kit) =>
        which === 'header'
          ? kit.signed(write(JSON.stringify(kit.header)), kit.claims)
          : kit.signed(kit.header, write(JSON.stringify(kit.claims))),
    }),
  ),
);
