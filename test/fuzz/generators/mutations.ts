/*
 * Good tokens with something changed.
 */
import fc from 'fast-check';
import { modulusOf, toBytes, toInteger } from '../../core/hostile/forge.ts';
import { GOOD_TOKENS, goodToken, isGoodToken, KEY } from '../support/google.ts';
import { bytesChanged, type Change, inSegment, inserted, pick, replaced, spellings } from './spellings.ts';

const CHARACTERS = 'ABCXYZabcxyz0189-_.+/=~ \n\t\0%,"{}\u00e9\u2028\ud800';

const characters: Readonly<Record<string, Change>> = {
  'a bit of the text flipped': (text, place, choice) =>
    replaced(text, place, (char) => String.fromCharCode(char.charCodeAt(0) ^ (1 << (choice % 8)))),
  'a character replaced': (text, place, choice) =>
    replaced(text, place, () => CHARACTERS.charAt(choice % CHARACTERS.length)),
  'a character put in': (text, place, choice) => inserted(text, place, CHARACTERS.charAt(choice % CHARACTERS.length)),
  'a character left out': (text, place) => replaced(text, place, () => ''),
  'a piece left out': (text, place, choice) => {
    const at = place % (text.length + 1);
    return text.slice(0, at) + text.slice(at + 1 + (choice % 100));
  },
  'a piece doubled': (text, place, choice) => {
    const at = place % (text.length + 1);
    return text.slice(0, at + 1 + (choice % 100)) + text.slice(at);
  },
  'two characters swapped': (text, place, choice) => {
    const [one, other] = [text.charAt(place % text.length), text.charAt(choice % text.length)];
    return replaced(
      replaced(text, place, () => other),
      choice,
      () => one,
    );
  },
  'two neighbours swapped': (text, place) => {
    const at = place % text.length;
    return text.slice(0, at) + text.charAt(at + 1) + text.charAt(at) + text.slice(at + 2);
  },
  'a character in the other case': (text, place) => replaced(text, place, otherCase),
  'a segment in one case': (text, place, choice) =>
    inSegment(text, place, (segment) => (choice % 2 === 0 ? segment.toLowerCase() : segment.toUpperCase())),
  'cut short': (text, place) => text.slice(0, place % text.length),
};

const segments: Readonly<Record<string, Change>> = {
  'segments in another order': (text, place, choice) => {
    const parts = text.split('.');
    const [moved = ''] = parts.splice(place % parts.length, 1);
    parts.splice(choice % (parts.length + 1), 0, moved);
    return parts.join('.');
  },
  'a segment of another token': (text, place, choice) => {
    const others = goodToken(choice % GOOD_TOKENS).split('.');
    return inSegment(text, place, () => others[place % others.length] ?? '');
  },
  'a segment twice': (text, place) => inSegment(text, place, (segment) => `${segment}.${segment}`),
  'a segment left out': (text, place) => {
    const parts = text.split('.');
    return parts.toSpliced(place % parts.length, 1).join('.');
  },
  'a segment empty': (text, place) => inSegment(text, place, () => ''),
  'another token behind': (text, place, choice) =>
    text + pick(['', '.', ',', ' ', '\n', '\0'], place) + goodToken(choice % GOOD_TOKENS),
};

const bytes: Readonly<Record<string, Change>> = {
  'a bit of the bytes flipped': (text, place, choice) =>
    inSegment(text, choice, (segment) =>
      bytesChanged(segment, (all) =>
        all.map((byte, index) => (index === place % all.length ? byte ^ (1 << ((choice >> 2) % 8)) : byte)),
      ),
    ),
  'a byte put in': (text, place, choice) =>
    inSegment(text, choice, (segment) =>
      bytesChanged(segment, (all) => [...all].toSpliced(place % (all.length + 1), 0, (choice >> 2) % 256)),
    ),
  'a byte left out': (text, place, choice) =>
    inSegment(text, choice, (segment) =>
      bytesChanged(segment, (all) => [...all].toSpliced(place % Math.max(1, all.length), 1)),
    ),
  'white space in the JSON': (text, place, choice) =>
    inSegment(text, choice % 2, (segment) =>
      bytesChanged(segment, (all) => {
        const json = Buffer.from(all).toString();
        const commas = json.split(',');
        return Buffer.from(`${commas.slice(0, place % commas.length)}, ${commas.slice(place % commas.length)}`);
      }),
    ),
  // What a verifier that does not compare s with n would take: RFC 8017 §5.2.2, step 1.
  'the modulus added to the signature': (text, _, choice) =>
    inSegment(text, 2, (segment) =>
      bytesChanged(segment, (all) => {
        const [n, s] = [modulusOf(KEY), toInteger(Uint8Array.of(0, ...all))];
        const value = pick([s + n, s < n ? n - s : s, s + 2n * n], choice);
        return toBytes(value, Math.ceil(value.toString(16).length / 2));
      }),
    ),
};

const changes: Readonly<Record<string, Change>> = { ...characters, ...segments, ...bytes, ...spellings };

/** A good token, and something made of it that is not the same text. */
export interface Mutant {
  readonly good: string;
  readonly mutant: string;
  readonly by: readonly string[];
}

/** Mutants by one to three changes of any kind. */
export const mutants: fc.Arbitrary<Mutant> = mutantsBy(changes, 3);

/** Good tokens in another spelling. */
export const respelled: fc.Arbitrary<Mutant> = mutantsBy(spellings, 2);

function mutantsBy(kinds: Readonly<Record<string, Change>>, most: number): fc.Arbitrary<Mutant> {
  const change = fc.record({
    kind: fc.constantFrom(...Object.keys(kinds)),
    place: fc.nat({ max: 0xffff }),
    choice: fc.nat({ max: 0xffff }),
  });
  return fc
    .tuple(fc.nat({ max: GOOD_TOKENS - 1 }), fc.array(change, { minLength: 1, maxLength: most }))
    .map(([index, chosen]) => {
      const good = goodToken(index);
      const mutant = chosen.reduce((text, { kind, place, choice }) => mutate(kinds, kind, text, place, choice), good);
      return { good, mutant, by: chosen.map(({ kind }) => kind) };
    })
    .filter(({ mutant }) => !isGoodToken(mutant));
}

/** An earlier change may have left nothing to change. */
function mutate(kinds: typeof changes, kind: string, text: string, place: number, choice: number): string {
  return text === '' ? text : (kinds[kind]?.(text, place, choice) ?? text);
}

function otherCase(char: string): string {
  return char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase();
}
