/*
 * Other spellings of a text of base64url and dots: somewhere in the world, a lenient decoder takes each for the same.
 */

/** Changes a text at a place; `choice` chooses among several ways. Both are any whole numbers from 0. */
export type Change = (text: string, place: number, choice: number) => string;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Decoders skip these, or stop at them; none is part of base64url. */
const SKIPPED = [
  ' ',
  '\n',
  '\r\n',
  '\t',
  '\0',
  '=',
  '==',
  '\u00a0',
  '\u00ad',
  '\u200b',
  '\u2060',
  '\ufeff',
  '*',
  '\\\n',
];

/** Characters that look like one of the alphabet, or become one by case folding or NFKC. */
const LOOKALIKES: Readonly<Record<string, readonly string[]>> = {
  A: ['\u0391', '\u0410', '\uff21'],
  K: ['\u212a', '\u039a'],
  a: ['\u0430', '\uff41'],
  e: ['\u0435', '\u212f'],
  i: ['\u0456', '\u2170', '\u0131'],
  k: ['\u212a'],
  o: ['\u043e', '\u03bf'],
  s: ['\u017f', '\u0455'],
  '.': ['\uff0e', '\u3002', '\u2024', '\u00b7', ',', ':', '%2e', '%2E', '..'],
  '-': ['\u2010', '\u2212', '+', '\u00ad-'],
  _: ['\uff3f', '/', '\u203f'],
};

export const spellings: Readonly<Record<string, Change>> = {
  'a segment padded': (text, place, choice) =>
    inSegment(text, place, (segment) => segment + pick(['=', '==', '===', '%3D', '%3d%3d'], choice)),
  'unused bits set': (text, place, choice) => inSegment(text, place, (segment) => withUnusedBits(segment, choice)),
  'something skipped put in': (text, place, choice) => inserted(text, place, pick(SKIPPED, choice)),
  'something skipped put behind': (text, _, choice) => text + pick(SKIPPED, choice),
  'something skipped put in front': (text, _, choice) => pick(SKIPPED, choice) + text,
  'the alphabet of plain base64': (text, _, choice) =>
    choice % 2 === 0 ? text.replaceAll('-', '+') : text.replaceAll('_', '/'),
  'a character percent-encoded': (text, place) =>
    replaced(text, place, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`),
  'a character escaped': (text, place) =>
    replaced(text, place, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'a lookalike': (text, place, choice) => lookalike(text, place, choice),
  'full-width characters': (text, place) =>
    replaced(text, place, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0)),
  'a character of two bytes with the same low byte': (text, place, choice) =>
    replaced(text, place, (char) => String.fromCharCode(char.charCodeAt(0) + 0x100 * (1 + (choice % 255)))),
  'something around it': (text, _, choice) => {
    const [before = '', behind = ''] = pick(
      [
        ['"', '"'],
        ["'", "'"],
        ['<', '>'],
        ['Bearer '],
        ['', '.'],
        ['.'],
        ['', ','],
        ['', ';a=b'],
        ['', '#'],
        ['', '\0x'],
      ],
      choice,
    );
    return before + text + behind;
  },
  'a byte of the signature in front': (text, _, choice) =>
    inSegment(text, 2, (segment) => bytesChanged(segment, (bytes) => [...new Uint8Array(1 + (choice % 3)), ...bytes])),
};

export function pick<T>(choices: readonly T[], choice: number): T {
  return choices[choice % choices.length] as T;
}

/** Changes one of the segments. */
export function inSegment(text: string, place: number, change: (segment: string) => string): string {
  const segments = text.split('.');
  const chosen = place % segments.length;
  return segments.map((segment, index) => (index === chosen ? change(segment) : segment)).join('.');
}

/** Changes the bytes of a segment, and spells them right. */
export function bytesChanged(segment: string, change: (bytes: Uint8Array) => Iterable<number>): string {
  return Buffer.from([...change(Buffer.from(segment, 'base64url'))]).toString('base64url');
}

export function inserted(text: string, place: number, what: string): string {
  const at = place % (text.length + 1);
  return text.slice(0, at) + what + text.slice(at);
}

export function replaced(text: string, place: number, by: (char: string) => string): string {
  const at = place % Math.max(1, text.length);
  return text.slice(0, at) + by(text.charAt(at)) + text.slice(at + 1);
}

/** Where the last character carries bits that no byte needs, they may be set. RFC 4648 §3.5 wants them 0. */
function withUnusedBits(segment: string, choice: number): string {
  const unused = { 2: 16, 3: 4 }[segment.length % 4] ?? 1;
  const last = ALPHABET.indexOf(segment.slice(-1));
  return last < 0 ? segment : segment.slice(0, -1) + ALPHABET.charAt(last + (choice % unused));
}

/** Replaces the next character from a place on that has a lookalike. */
function lookalike(text: string, place: number, choice: number): string {
  const start = place % Math.max(1, text.length);
  for (let at = start; at < text.length; at += 1) {
    const alike = Object.hasOwn(LOOKALIKES, text.charAt(at)) ? LOOKALIKES[text.charAt(at)] : undefined;
    if (alike !== undefined) {
      return text.slice(0, at) + pick(alike, choice) + text.slice(at + 1);
    }
  }
  return text;
}
