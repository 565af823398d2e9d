import type { GoogleIdTokenErrorCode } from '@id-token-guard/core';
import type { HostileInput } from '../hostile-input.ts';

type Row = readonly [name: string, source: string, claims: (now: number) => object];

const NUMERIC_DATE = 'RFC 7519 §2';
const EXP = 'RFC 7519 §4.1.4';
const NBF = 'RFC 7519 §4.1.5';
const IAT = 'RFC 7519 §4.1.6';
const LIFETIME = 'option maxLifetimeSeconds';

/** What is no number although much of JavaScript would take it for one. Names are JSON texts. */
const notNumbers: readonly unknown[] = [
  null,
  true,
  false,
  '',
  '1760000000',
  '1760003600.0',
  '0x68e778a0',
  'NaN',
  'Infinity',
  '2025-10-09T08:53:20Z',
  [],
  [1_760_000_000],
  {},
  { valueOf: 1_760_000_000 },
  { $date: 1_760_000_000 },
];

function notANumber(claim: string): HostileInput[] {
  return notNumbers.map((value) => ({
    name: `${claim} is ${JSON.stringify(value)}`,
    source: 'CVE-2026-44459',
    code: 'claim_invalid',
    token: (kit) => kit.token({ [claim]: value }),
  }));
}

/** Members written by hand, for numbers that JavaScript would not write. The last of two members counts. */
function written(name: string, source: string, code: GoogleIdTokenErrorCode, members: string): HostileInput {
  return {
    name,
    source,
    code,
    token: (kit) => kit.signed(kit.header, `${JSON.stringify(kit.claims).slice(0, -1)},${members}}`),
  };
}

function inputs(code: GoogleIdTokenErrorCode, rows: readonly Row[]): HostileInput[] {
  return rows.map(([name, source, claims]) => ({ name, source, code, token: (kit) => kit.token(claims(kit.now)) }));
}

/** Tokens that are too old, too young, too long-lived, or do not say so in numbers. The tolerance is 30 s. */
export const time: readonly HostileInput[] = [
  ...['iat', 'exp', 'nbf', 'auth_time'].flatMap(notANumber),
  ...inputs('claim_invalid', [
    ['no iat', IAT, () => ({ iat: undefined })],
    ['no exp', EXP, () => ({ exp: undefined })],
    ['neither iat nor exp', EXP, () => ({ iat: undefined, exp: undefined })],
    ['a lifetime of a day and a second', LIFETIME, (now) => ({ iat: now, exp: now + 86_401 })],
    ['a lifetime of a day and a millisecond', LIFETIME, (now) => ({ iat: now, exp: now + 86_400.001 })],
    ['a lifetime of ten years', LIFETIME, (now) => ({ exp: now + 315_360_000 })],
    ['a lifetime that began in 1970', LIFETIME, () => ({ iat: 0 })],
    ['a lifetime that began before 1970', LIFETIME, () => ({ iat: -1 })],
    ['a lifetime of a day and a second that is over', LIFETIME, (now) => ({ iat: now - 200_000, exp: now - 113_599 })],
    ['exp in milliseconds', NUMERIC_DATE, (now) => ({ exp: (now + 3600) * 1000 })],
    ['iat and exp in milliseconds', NUMERIC_DATE, (now) => ({ iat: now * 1000, exp: (now + 3600) * 1000 })],
    ['exp the largest safe integer', LIFETIME, () => ({ exp: Number.MAX_SAFE_INTEGER })],
    ['exp the largest number', LIFETIME, () => ({ exp: Number.MAX_VALUE })],
    ['iat the most negative number', LIFETIME, () => ({ iat: -Number.MAX_VALUE })],
    ['a lifetime beyond all numbers', LIFETIME, () => ({ iat: -Number.MAX_VALUE, exp: Number.MAX_VALUE })],
  ]),
  written('iat 1e999, which is infinite', 'RFC 8259 §6', 'claim_invalid', '"iat":1e999'),
  written('iat -1e999, which is infinite', 'RFC 8259 §6', 'claim_invalid', '"iat":-1e999'),
  written('exp 1e999, which is infinite', 'RFC 8259 §6', 'claim_invalid', '"exp":1e999'),
  written('exp -1e999, which is infinite', 'RFC 8259 §6', 'claim_invalid', '"exp":-1e999'),
  written(
    'iat and exp 1e999, whose difference is no number',
    'RFC 8259 §6',
    'claim_invalid',
    '"iat":1e999,"exp":1e999',
  ),
  written('nbf 1e999, which is infinite', 'RFC 8259 §6', 'claim_invalid', '"nbf":1e999'),
  written('nbf -1e999, which is infinite', 'RFC 8259 §6', 'claim_invalid', '"nbf":-1e999'),
  written('auth_time 1e999, which is infinite', 'RFC 8259 §6', 'claim_invalid', '"auth_time":1e999'),
  written('exp with four hundred digits', 'RFC 8259 §6', 'claim_invalid', `"exp":${'9'.repeat(400)}`),
  written('exp twice, the last one text', 'RFC 7519 §4', 'claim_invalid', '"exp":"never"'),
  written('exp twice, the last one far ahead', 'RFC 7519 §4', 'claim_invalid', '"exp":4102444800'),
  written('exp once more, escaped and far ahead', 'RFC 8259 §8.3', 'claim_invalid', '"\\u0065xp":4102444800'),

  ...inputs('token_expired', [
    ['exp 30 s ago, to the second', EXP, (now) => ({ iat: now - 3630, exp: now - 30 })],
    ['exp 31 s ago', EXP, (now) => ({ iat: now - 3631, exp: now - 31 })],
    ['exp 30.001 s ago', EXP, (now) => ({ iat: now - 3630, exp: now - 30.001 })],
    ['exp an hour ago', EXP, (now) => ({ iat: now - 7200, exp: now - 3600 })],
    ['exp a year ago', EXP, (now) => ({ iat: now - 31_540_000, exp: now - 31_536_400 })],
    ['exp ago although iat is now', EXP, (now) => ({ iat: now, exp: now - 3600 })],
    ['exp ago although iat lies ahead', EXP, (now) => ({ iat: now + 3600, exp: now - 3600 })],
    ['exp zero', EXP, () => ({ iat: 0, exp: 0 })],
    ['exp negative', EXP, () => ({ iat: -3601, exp: -1 })],
    ['exp the smallest fraction', EXP, () => ({ iat: 0, exp: Number.MIN_VALUE })],
    ['exp the most negative number', EXP, () => ({ exp: -Number.MAX_VALUE })],
  ]),
  written('exp negative zero', 'RFC 8259 §6', 'token_expired', '"iat":0,"exp":-0'),
  written('exp twice, the last one over', 'RFC 7519 §4', 'token_expired', '"exp":1'),

  ...inputs('token_not_yet_valid', [
    ['iat 31 s ahead', IAT, (now) => ({ iat: now + 31 })],
    ['iat 30.001 s ahead', IAT, (now) => ({ iat: now + 30.001 })],
    ['iat an hour ahead', IAT, (now) => ({ iat: now + 3600, exp: now + 7200 })],
    ['iat ahead of exp', IAT, (now) => ({ iat: now + 7200, exp: now + 3600 })],
    ['iat the largest number', IAT, () => ({ iat: Number.MAX_VALUE })],
    ['nbf 31 s ahead', NBF, (now) => ({ nbf: now + 31 })],
    ['nbf 30.001 s ahead', NBF, (now) => ({ nbf: now + 30.001 })],
    ['nbf an hour ahead', NBF, (now) => ({ nbf: now + 3600 })],
    ['nbf ahead of exp', NBF, (now) => ({ nbf: now + 7200 })],
    ['nbf in milliseconds', NUMERIC_DATE, (now) => ({ nbf: now * 1000 })],
    ['nbf the largest number', NBF, () => ({ nbf: Number.MAX_VALUE })],
  ]),
];
