import type { GoogleIdTokenErrorCode } from '@id-token-guard/core';
import type { AuthorizationValue, HostileInput } from '../hostile-input.ts';

type Row = readonly [name: string, source: string, value: (token: string) => AuthorizationValue];

const SYNTAX = 'RFC 6750 §2.1';
const SCHEME = 'RFC 9110 §11.1';
const LIST = 'RFC 9110 §5.3';
const FIELD = 'RFC 9110 §5.5';

const missing: readonly Row[] = [
  ['no header', 'RFC 6750 §3', () => undefined],
  ['an empty list of headers', 'RFC 6750 §3', () => []],
  ['an empty header', 'RFC 6750 §3', () => ''],
  ['a token without scheme', SYNTAX, (token) => token],
  ['Basic with a password', 'RFC 7617 §2', () => 'Basic YWxhZGRpbjpvcGVuc2VzYW1l'],
  ['Basic with a token', SCHEME, (token) => `Basic ${token}`],
  ['DPoP', 'RFC 9449 §7.1', (token) => `DPoP ${token}`],
  ['Negotiate', 'RFC 4559 §4', (token) => `Negotiate ${token}`],
  ['JWT', SCHEME, (token) => `JWT ${token}`],
  ['Token', SCHEME, (token) => `Token ${token}`],
  ['OAuth', SCHEME, (token) => `OAuth ${token}`],
  ['a scheme that begins with Bearer', SCHEME, (token) => `Bearers ${token}`],
  ['a scheme that begins with Bearer and a hyphen', SCHEME, (token) => `Bearer-Token ${token}`],
  ['a scheme that begins with Bearer and a dot', SCHEME, (token) => `Bearer.${token}`],
  ['a scheme that begins with Bearer and a digit', SCHEME, (token) => `Bearer2 ${token}`],
  ['a scheme that begins with Bearer and a plus', SCHEME, (token) => `Bearer+${token}`],
  ['Bearer without anything between it and the token', SYNTAX, (token) => `Bearer${token}`],
  ['a scheme that ends with Bearer', SCHEME, (token) => `XBearer ${token}`],
  ['Bearer in two words', SCHEME, (token) => `Bear er ${token}`],
  ['Bearer in quotes', SCHEME, (token) => `"Bearer ${token}"`],
  ['Bearer behind another word', SCHEME, (token) => `Header: Bearer ${token}`],
  ['Bearer behind an equals sign', SCHEME, (token) => `=Bearer ${token}`],
  ['Bearer in full-width letters', 'Unicode TR 36', (token) => `\uff22earer ${token}`],
  ['Bearer with a Cyrillic letter', 'Unicode TR 36', (token) => `B\u0435arer ${token}`],
  ['Bearer behind a zero-width space', 'Unicode TR 36', (token) => `\u200bBearer ${token}`],
  ['Bearer behind a space', FIELD, (token) => ` Bearer ${token}`],
  ['Bearer behind a line feed', FIELD, (token) => `\nBearer ${token}`],
  ['Bearer behind a NUL', FIELD, (token) => `\0Bearer ${token}`],
];

const invalid: readonly Row[] = [
  ['Bearer alone', SYNTAX, () => 'Bearer'],
  ['bearer alone in lower case', SYNTAX, () => 'bearer'],
  ['Bearer and a space', SYNTAX, () => 'Bearer '],
  ['Bearer and many spaces', SYNTAX, () => `Bearer${' '.repeat(1000)}`],
  ['Bearer and a tab', SYNTAX, (token) => `Bearer\t${token}`],
  ['Bearer, a space and a tab', SYNTAX, (token) => `Bearer \t${token}`],
  ['Bearer and a line feed', FIELD, (token) => `Bearer\n${token}`],
  ['Bearer and a folded line', FIELD, (token) => `Bearer\r\n ${token}`],
  ['Bearer and a no-break space', SYNTAX, (token) => `Bearer\u00a0${token}`],
  ['Bearer and an ideographic space', SYNTAX, (token) => `Bearer\u3000${token}`],
  ['Bearer and a colon', SYNTAX, (token) => `Bearer:${token}`],
  ['Bearer and an equals sign', SYNTAX, (token) => `Bearer=${token}`],
  ['Bearer and a slash', SYNTAX, (token) => `Bearer/${token}`],
  ['Bearer and a token in quotes at once', SYNTAX, (token) => `Bearer"${token}"`],
  ['Bearer twice', SYNTAX, (token) => `Bearer Bearer ${token}`],
  ['Bearer and a parameter in front of the token', 'RFC 9110 §11.4', (token) => `Bearer scope="x" ${token}`],
  ['Bearer and a parameter behind the token', 'RFC 9110 §11.4', (token) => `Bearer ${token} scope="x"`],
  ['a token and a word', SYNTAX, (token) => `Bearer ${token} admin`],
  ['two tokens', SYNTAX, (token) => `Bearer ${token} ${token}`],
  ['a token and a space', FIELD, (token) => `Bearer ${token} `],
  ['a token and a tab', FIELD, (token) => `Bearer ${token}\t`],
  ['a token and a line feed', FIELD, (token) => `Bearer ${token}\n`],
  ['a token and another header', 'CWE-113', (token) => `Bearer ${token}\r\nX-Admin: true`],
  ['a token and a line separator', FIELD, (token) => `Bearer ${token}\u2028`],
  ['a token broken into lines', SYNTAX, (token) => `Bearer ${token.replace(/(.{76})/g, '$1 ')}`],
  ['what an object prints as', 'CWE-20', () => 'Bearer [object Object]'],
  ['a token and a comma', LIST, (token) => `Bearer ${token},`],
  ['a comma and a token', LIST, (token) => `Bearer ,${token}`],
  ['a comma in front', LIST, (token) => `, Bearer ${token}`],
  ['a comma alone', LIST, () => ','],
  ['two credentials', LIST, (token) => `Bearer ${token}, Bearer ${token}`],
  ['two credentials without a space', LIST, (token) => `Bearer ${token},Bearer ${token}`],
  ['Basic and Bearer', LIST, (token) => `Basic YWxhZGRpbjpvcGVuc2VzYW1l, Bearer ${token}`],
  ['Bearer and Basic', LIST, (token) => `Bearer ${token}, Basic YWxhZGRpbjpvcGVuc2VzYW1l`],
  ['two headers', LIST, (token) => [`Bearer ${token}`, `Bearer ${token}`]],
  ['two headers, the second one empty', LIST, (token) => [`Bearer ${token}`, '']],
  ['two headers, the first one empty', LIST, (token) => ['', `Bearer ${token}`]],
  ['two headers, the second one of another scheme', LIST, (token) => [`Bearer ${token}`, 'Basic YTpi']],
  ['two headers, the first one of another scheme', LIST, (token) => ['Basic YTpi', `Bearer ${token}`]],
  ['two headers without Bearer', LIST, () => ['Basic YTpi', 'Basic YTpi']],
  ['two headers, both empty', LIST, () => ['', '']],
  ['a hundred headers', LIST, (token) => Array.from({ length: 100 }, () => `Bearer ${token}`)],
];

const malformed: readonly Row[] = [
  ['an equals sign', SYNTAX, () => 'Bearer ='],
  ['a password', SYNTAX, () => 'Bearer YWxhZGRpbjpvcGVuc2VzYW1l'],
  ['a variable that was not replaced', 'CWE-20', () => 'Bearer %ID_TOKEN%'],
  ['a token and a semicolon', SYNTAX, (token) => `Bearer ${token};q=1`],
  ['a token behind token=', SYNTAX, (token) => `Bearer token="${token}"`],
  ['a token behind a percent-encoded space', SYNTAX, (token) => `Bearer %20${token}`],
  ['a token and a letter of Latin-1', FIELD, (token) => `Bearer ${token}\u00e9`],
  ['a header of 100,000 characters', 'CWE-400', () => `Bearer ${'A'.repeat(100_000)}`],
];

function inputs(code: GoogleIdTokenErrorCode, rows: readonly Row[]): HostileInput[] {
  return rows.map(([name, source, value]) => ({
    name: `header: ${name}`,
    source,
    code,
    authorization: (kit) => value(kit.token()),
  }));
}

/** `Authorization` headers that are not one Bearer credential. The token in them is good. */
export const bearer: readonly HostileInput[] = [
  ...inputs('token_missing', missing),
  ...inputs('request_invalid', invalid),
  ...inputs('token_malformed', malformed),
];
