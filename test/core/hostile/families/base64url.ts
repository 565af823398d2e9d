import { join, rs256, segmentsOf } from '../forge.ts';
import type { HostileInput } from '../hostile-input.ts';
import type { Kit } from '../kit.ts';

const SEGMENTS = ['header', 'payload', 'signature'] as const;
type Segment = (typeof SEGMENTS)[number];

type Row = readonly [name: string, source: string, spell: (segment: string) => string];

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** What a segment ends in when its last byte leaves four bits of the last character unused, and two. */
const FOUR_UNUSED_BITS = 'AQgw';
const TWO_UNUSED_BITS = 'AEIMQUYcgkosw048';

/** Other spellings of a segment that lenient decoders take for the same bytes, and some that are nothing at all. */
const rows: readonly Row[] = [
  ['padded', 'RFC 7515 §2', (segment) => segment.padEnd(Math.ceil(segment.length / 4) * 4, '=')],
  ['with one = behind', 'RFC 7515 §2', (segment) => `${segment}=`],
  ['with four = behind', 'RFC 4648 §3.2', (segment) => `${segment}====`],
  ['with = in the middle', 'RFC 4648 §3.2', (segment) => inserted(segment, '=')],
  ['with a percent-encoded = behind', 'RFC 3986 §2.1', (segment) => `${segment}%3D`],
  ['with a line feed in front', 'RFC 4648 §3.3', (segment) => `\n${segment}`],
  ['with a space behind', 'RFC 4648 §3.3', (segment) => `${segment} `],
  ['with a space in the middle', 'RFC 4648 §3.3', (segment) => inserted(segment, ' ')],
  ['with a tab in the middle', 'RFC 4648 §3.3', (segment) => inserted(segment, '\t')],
  ['with a line feed in the middle', 'RFC 4648 §3.1', (segment) => inserted(segment, '\n')],
  ['with a form feed in the middle', 'RFC 4648 §3.3', (segment) => inserted(segment, '\f')],
  ['in lines of 76 characters', 'RFC 2045 §6.8', (segment) => segment.replace(/(.{76})/g, '$1\r\n')],
  ['with a NUL in the middle', 'RFC 4648 §3.3', (segment) => inserted(segment, '\0')],
  ['with an asterisk in the middle', 'RFC 4648 §3.3', (segment) => inserted(segment, '*')],
  ['with an exclamation mark behind', 'RFC 4648 §3.3', (segment) => `${segment}!`],
  ['with a tilde behind', 'RFC 4648 §3.3', (segment) => `${segment}~`],
  ['with a zero-width space in the middle', 'Unicode TR 36', (segment) => inserted(segment, '\u200b')],
  ['with a letter of two bytes in the middle', 'RFC 4648 §3.3', (segment) => inserted(segment, 'é')],
  ['with a full-width A in the middle', 'Unicode TR 36', (segment) => inserted(segment, '\uff21')],
  ['with a Kelvin sign, which /\\w/iu takes for a k', 'Unicode TR 36', (segment) => inserted(segment, '\u212a')],
  ['with a long s, which /\\w/iu takes for an s', 'Unicode TR 36', (segment) => inserted(segment, '\u017f')],
  ['with an emoji in the middle', 'RFC 4648 §3.3', (segment) => inserted(segment, '\u{1f511}')],
  ['of an impossible length', 'RFC 4648 §4', (segment) => `${segment}AAA`],
];

function inserted(segment: string, text: string): string {
  return `${segment.slice(0, 8)}${text}${segment.slice(8)}`;
}

/** Spells one segment in another way, and signs what is then there, so that only the spelling is wrong. */
function respelled(kit: Kit, token: string, which: Segment, spell: (segment: string) => string): string {
  const [header, payload, signature] = segmentsOf(token);
  if (which === 'signature') {
    return `${header}.${payload}.${spell(signature)}`;
  }
  const input = which === 'header' ? `${spell(header)}.${payload}` : `${header}.${spell(payload)}`;
  return join(input, rs256(kit.keys.google, input));
}

/** A good token whose segments have a certain something; tries other contents until they do. */
function tokenWith(kit: Kit, wanted: (token: string) => boolean): string {
  for (let attempt = 0; attempt < 10_000; attempt += 1) {
    // Three paddings each, for all lengths of the last group; and five of these marks hold a _ and a - however they lie.
    const claims = { attempt, marks: `?????>>>>>${'p'.repeat(Math.floor(attempt / 3) % 3)}` };
    const token = kit.token(claims, { marks: `?????>>>>>${'h'.repeat(attempt % 3)}` });
    if (wanted(token)) {
      return token;
    }
  }
  throw new Error('No token has what was wanted.');
}

/** Every segment would need two = if it were padded. */
function endsInGroupsOfTwo(token: string): boolean {
  return segmentsOf(token).every((text) => text.length % 4 === 2);
}

function segment(token: string, which: Segment): string {
  return segmentsOf(token)[SEGMENTS.indexOf(which)] ?? '';
}

/** Standard base64, RFC 4648 §4, instead of the URL-safe alphabet. */
function otherAlphabet(which: Segment, from: '-' | '_', to: '+' | '/'): HostileInput {
  return {
    name: `the ${which} with ${to} for ${from}`,
    source: 'RFC 4648 §5',
    code: 'token_malformed',
    token(kit) {
      const token = tokenWith(kit, (candidate) => segment(candidate, which).includes(from));
      return respelled(kit, token, which, (text) => text.replaceAll(from, to));
    },
  };
}

/** The bits behind the last byte set to something: another spelling of the same bytes. */
function trailingBits(which: Segment, bits: number, endings: string): HostileInput {
  return {
    name: `the ${which} with the unused bits ${bits} behind one of ${endings}`,
    source: 'RFC 4648 §3.5',
    code: 'token_malformed',
    token(kit) {
      const lastGroup = endings === TWO_UNUSED_BITS ? 3 : 2;
      const token = tokenWith(kit, (candidate) => {
        const text = segment(candidate, which);
        return text.length % 4 === lastGroup && endings.includes(text.at(-1) ?? '');
      });
      return respelled(kit, token, which, (text) => {
        const last = ALPHABET.indexOf(text.at(-1) ?? '');
        return `${text.slice(0, -1)}${ALPHABET[last + bits]}`;
      });
    },
  };
}

/** Segments that are not the one canonical base64url spelling of their bytes. */
export const base64url: readonly HostileInput[] = [
  ...SEGMENTS.flatMap(otherSpellings),
  // JSON ends in a brace, so that its last character can be few; a signature may end in any.
  ...(['header', 'payload'] as const).flatMap((which) =>
    [1, 2, 3].map((bits) => trailingBits(which, bits, TWO_UNUSED_BITS)),
  ),
  ...[...FOUR_UNUSED_BITS].flatMap((ending) => [1, 7, 14].map((bits) => trailingBits('signature', bits, ending))),
];

function otherSpellings(which: Segment): HostileInput[] {
  return [
    ...rows.map(
      ([name, source, spell]): HostileInput => ({
        name: `the ${which} ${name}`,
        source,
        code: 'token_malformed',
        token: (kit) => respelled(kit, tokenWith(kit, endsInGroupsOfTwo), which, spell),
      }),
    ),
    otherAlphabet(which, '-', '+'),
    otherAlphabet(which, '_', '/'),
    ...[2, 4, 8, 15].map((bits) => trailingBits(which, bits, FOUR_UNUSED_BITS)),
  ];
}
