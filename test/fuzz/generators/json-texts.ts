/*
 * JSON as somebody writes it who looks for parsers that read it in different ways, and what is nearly JSON.
 */
import fc from 'fast-check';

const NAMES = ['alg', 'kid', 'crit', 'b64', 'zip', 'typ', 'iss', 'aud', 'sub', 'exp', 'iat', 'keys', '', 'a'];
const OBJECT_NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', 'toJSON'];

const whiteSpace = often(
  '',
  fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(' ', '\t', '\n', '\r\n') },
    { weight: 1, arbitrary: fc.constantFrom('\f', '\u00a0', '\ufeff', '/**/') },
  ),
);

const numberText = rarelyWrong(
  fc.oneof(
    fc.double({ noDefaultInfinity: true, noNaN: true }).map(String),
    fc.integer().map(String),
    fc.constantFrom('0', '-0', '1e400', '-1e400', '1E+2', '0.1e-7', '5e-324', '9007199254740993', '1.0'),
    fc.nat({ max: 400 }).map((digits) => '9'.repeat(digits + 1)),
  ),
  ['01', '+1', '.5', '1.', '0x10', '1_000', 'NaN', 'Infinity', '-', '1e'],
);

const character = rarelyWrong(
  fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }).map((text) => JSON.stringify(text).slice(1, -1)),
    fc.string({ minLength: 1, maxLength: 1 }).map((text) => escaped(text)),
    fc.constantFrom(
      '\\ud800',
      '\\udc00\\ud800',
      '\\u0000',
      '\\/',
      '\\"',
      '\\\\',
      '\\ufeff',
      '\\uD83D\\uDE00',
      '\u2028',
    ),
  ),
  ['\\x41', '\\u12', '\\v', "\\'", '\n', '\u0000', '\ud800', '\\'],
);

/** The name as it is, or with its first character escaped. */
const nameText = fc
  .tuple(fc.oneof(fc.constantFrom(...NAMES), fc.constantFrom(...OBJECT_NAMES), fc.string()), fc.boolean())
  .map(([name, isEscaped]) => {
    const text = JSON.stringify(name);
    return isEscaped && /^"\w/.test(text) ? `"${escaped(name.charAt(0))}${text.slice(2)}` : text;
  });

const stringText = fc.oneof(
  nameText,
  fc.array(often('a', character), { maxLength: 8 }).map((all) => `"${all.join('')}"`),
  rarelyWrong(fc.constantFrom('"RS256"', '"none"', '"rs256"', '"RS256\\u0000"'), ["'RS256'", '"RS256', 'RS256']),
);

const deep = fc
  .tuple(fc.nat({ max: 5500 }), fc.constantFrom(['[', ']'], ['{"a":', '}'], ['[', '}']), fc.constantFrom('1', ''))
  .map(([levels, [open, close], inside]) => `${open?.repeat(levels)}${inside}${close?.repeat(levels)}`);

const { value } = fc.letrec<{ value: string; object: string; list: string; member: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 2, arbitrary: stringText },
    { weight: 2, arbitrary: numberText },
    { weight: 1, arbitrary: rarelyWrong(fc.constantFrom('true', 'false', 'null'), ['undefined', 'True', '']) },
    { weight: 2, arbitrary: tie('object') },
    { weight: 1, arbitrary: tie('list') },
  ),
  object: fc
    .tuple(fc.array(tie('member'), { maxLength: 5 }), whiteSpace)
    .map(([all, end]) => `{${all.join(',')}${end}}`),
  list: fc.array(tie('value'), { maxLength: 4 }).map((all) => `[${all.join(',')}]`),
  member: fc
    .tuple(whiteSpace, nameText, whiteSpace, tie('value'), whiteSpace)
    .map(([before, name, between, member, behind]) => `${before}${name}${between}:${member}${behind}`),
}));

/** JSON texts of any kind, one in ten very deep. */
export const jsonTexts: fc.Arbitrary<string> = fc.oneof(
  { weight: 9, arbitrary: value },
  { weight: 1, arbitrary: deep },
);

/** Objects that have these members, and more of any kind before, between and behind; the same names among them. */
export function objectTextsWith(members: Readonly<Record<string, fc.Arbitrary<string>>>): fc.Arbitrary<string> {
  const wanted = Object.entries(members).map(([name, text]) => text.map((value) => `${JSON.stringify(name)}:${value}`));
  const more = fc.oneof(
    { weight: 5, arbitrary: fc.tuple(nameText, often('"a"', value)).map(([name, text]) => `${name}:${text}`) },
    { weight: 1, arbitrary: fc.tuple(nameText, deep).map(([name, text]) => `${name}:${text}`) },
  );
  return fc
    .tuple(fc.array(more, { maxLength: 3 }), fc.tuple(...wanted), fc.array(more, { maxLength: 2 }), whiteSpace)
    .map(([before, all, behind, space]) => `${space}{${[...before, ...all, ...behind].join(`${space},`)}}`);
}

/** A text as bytes: mostly UTF-8, sometimes damaged, marked, or in another encoding. */
export function bytesOf(texts: fc.Arbitrary<string>): fc.Arbitrary<Uint8Array> {
  const damage = often<(text: string) => Uint8Array>(
    (text) => Buffer.from(text),
    fc.oneof(
      fc.constant((text: string) => Buffer.from(`\ufeff${text}`)),
      fc.constant((text: string) => Buffer.from(text, 'utf16le')),
      fc.constant((text: string) => Buffer.from(text, 'latin1')),
      fc
        .tuple(
          fc.nat(),
          fc.constantFrom([0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82]),
        )
        .map(([place, wrong]) => (text: string) => {
          const all = Buffer.from(text);
          const at = place % (all.length + 1);
          return Buffer.concat([all.subarray(0, at), Buffer.from(wrong), all.subarray(at)]);
        }),
    ),
  );
  return fc.tuple(texts, damage).map(([text, encode]) => encode(text));
}

/** One of the wrong ones in twenty times. */
function rarelyWrong<T>(right: fc.Arbitrary<T>, wrong: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof({ weight: 19, arbitrary: right }, { weight: 1, arbitrary: fc.constantFrom(...wrong) });
}

/** One value nine times in ten. */
export function often<T>(usual: T, otherwise: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 9, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: otherwise });
}

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
