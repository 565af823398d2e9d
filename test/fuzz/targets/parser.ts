import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { type ParsedToken, parseToken } from '../../../packages/core/src/parse.ts';
import { bytesOf, jsonTexts, objectTextsWith, often } from '../generators/json-texts.ts';
import { type Mutant, mutants, respelled } from '../generators/mutations.ts';
import { refusedOr } from '../support/errors.ts';
import { unsigned } from '../support/google.ts';
import { isSameJson } from '../support/same-json.ts';
import { property, type Target } from '../target.ts';
import { brokenParsers } from './broken-parsers.ts';

export type Parse = (token: string) => ParsedToken;

const MAX_LENGTH = 16 * 1024;

/** Three segments of good base64url, with anything in them. */
const segments = fc.record({
  header: bytesOf(
    fc.oneof(
      { weight: 1, arbitrary: jsonTexts },
      { weight: 3, arbitrary: objectTextsWith({ alg: often('"RS256"', jsonTexts), kid: often('"k"', jsonTexts) }) },
      { weight: 3, arbitrary: objectTextsWith({ kid: fc.constant('"k"'), alg: fc.constant('"RS256"') }) },
    ),
  ),
  payload: bytesOf(
    fc.oneof(
      { weight: 1, arbitrary: jsonTexts },
      { weight: 6, arbitrary: objectTextsWith({ sub: often('"1"', jsonTexts) }) },
    ),
  ),
  signature: fc.uint8Array({ maxLength: 8 }),
});

const anyText = fc.oneof(
  {
    weight: 4,
    arbitrary: segments.map(({ header, payload, signature }) => unsigned(header, payload, signature)),
  },
  { weight: 3, arbitrary: mutants.map(({ mutant }) => mutant) },
  {
    weight: 1,
    arbitrary: fc.string({ unit: fc.constantFrom('.', 'A', 'e', 'y', '=', '-', '_', ' ', '\n', '\u00e9', '0') }),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  { weight: 1, arbitrary: fc.array(fc.base64String(), { maxLength: 5 }).map((all) => all.join('.')) },
  { weight: 1, arbitrary: fc.nat({ max: 20_000 }).map((length) => '.'.repeat(length)) },
);

export const parser: Target<Parse> = {
  name: 'parser',
  subject: parseToken,
  properties: [
    property({
      name: 'only our errors, which tell nothing',
      values: fc.oneof({ weight: 9, arbitrary: anyText }, { weight: 1, arbitrary: fc.anything() }),
      async check(parse: Parse, value: unknown) {
        const parsed = await refusedOr(typeof value === 'string' ? value : '', () => parse(value as string));
        return 'code' in parsed ? parsed.code : 'accepted';
      },
      outcomes: ['accepted', 'token_malformed'],
      broken: { 'throws what JSON.parse throws': brokenParsers.raw, 'quotes the token': brokenParsers.quoting },
    }),
    property({
      name: 'reads the JSON that JSON.parse reads, or refuses',
      values: segments,
      async check(parse: Parse, { header, payload, signature }) {
        const token = unsigned(header, payload, signature);
        const expected = token.length > MAX_LENGTH ? undefined : acceptable(header, payload);
        const parsed = await refusedOr(token, () => parse(token));
        assert.equal('result' in parsed, expected !== undefined);
        if ('code' in parsed) {
          return 'refused';
        }
        assert(isSameJson([parsed.result.header, parsed.result.unverifiedClaims], expected));
        assert.equal(Object.getPrototypeOf(parsed.result.header), Object.prototype);
        assert.equal(parsed.result.kid, parsed.result.header['kid']);
        return 'accepted';
      },
      outcomes: ['accepted', 'refused'],
      broken: {
        'takes what is not UTF-8': brokenParsers.lenient,
        'ignores a byte order mark': brokenParsers.unmarked,
        'assigns members': brokenParsers.assigning,
      },
    }),
    property({
      name: 'what it accepts, jose decodes to the same',
      values: anyText,
      async check(parse: Parse, token) {
        const parsed = await refusedOr(token, () => parse(token));
        if ('code' in parsed) {
          return 'refused';
        }
        const { header, unverifiedClaims } = parsed.result;
        assert(isSameJson([header, unverifiedClaims], [decodeProtectedHeader(token), decodeJwt(token)]));
        return 'accepted';
      },
      outcomes: ['accepted', 'refused'],
      broken: { 'ignores what is not base64url': brokenParsers.lenient },
    }),
    property({
      name: 'accepts one spelling of a token only',
      values: respelled,
      check(parse: Parse, { good, mutant }: Mutant) {
        const { signedText, signature } = parse(good);
        assert.equal(`${signedText}.${Buffer.from(signature).toString('base64url')}`, good);
        if (!accepts(parse, mutant)) {
          return 'refused';
        }
        // Other bytes are another token, which the signature is there for. The same bytes spelled anew are not.
        assert.equal(mutant, mutant.split('.').map(canonical).join('.'));
        return 'accepted';
      },
      outcomes: ['accepted', 'refused'],
      broken: { 'ignores what is not base64url': brokenParsers.lenient, 'takes unused bits': brokenParsers.unusedBits },
    }),
  ],
};

/** What must come out of these bytes; `undefined` where they must be refused. Written without the parser in mind. */
function acceptable(headerBytes: Uint8Array, payloadBytes: Uint8Array): [object, object] | undefined {
  const [header, payload] = [objectOf(headerBytes), objectOf(payloadBytes)];
  if (header === undefined || payload === undefined) {
    return undefined;
  }
  const { alg, kid, ...others } = Object.fromEntries(Object.entries(header));
  const isStrange = ['crit', 'b64', 'zip'].some((name) => Object.keys(others).includes(name));
  return alg === 'RS256' && typeof kid === 'string' && kid.length > 0 && !isStrange ? [header, payload] : undefined;
}

function objectOf(bytes: Uint8Array): object | undefined {
  const text = Buffer.from(bytes).toString();
  try {
    // What is not UTF-8 was replaced, and does not become the same bytes again.
    const value = Buffer.from(text).equals(bytes) ? JSON.parse(text) : undefined;
    return Object.prototype.toString.call(value) === '[object Object]' ? value : undefined;
  } catch {
    return undefined;
  }
}

function accepts(parse: Parse, token: string): boolean {
  try {
    parse(token);
    return true;
  } catch {
    return false;
  }
}

function canonical(segment: string): string {
  return Buffer.from(segment, 'base64url').toString('base64url');
}
