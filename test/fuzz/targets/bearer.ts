import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readBearer, TOKEN_HEADERS, type TokenHeader } from '../../../packages/core/src/bearer.ts';
import { GoogleIdTokenError } from '../../../packages/core/src/errors.ts';
import { nodeHeaders } from '../../../packages/core/src/node-request.ts';
import type { RequestHeaders } from '../../../packages/core/src/request-headers.ts';
import { mutants } from '../generators/mutations.ts';
import { refusedOr } from '../support/errors.ts';
import { goodToken } from '../support/google.ts';
import { property, type Target } from '../target.ts';

export interface Bearer {
  readonly read: typeof readBearer;
  readonly ofNode: typeof nodeHeaders;
}

const token = fc.oneof(
  fc.nat({ max: 5 }).map(goodToken),
  mutants.map(({ mutant }) => mutant),
  fc.string({ unit: fc.constantFrom('a', '.', '=', '~', '+', '/', ' ', ',', '\t', '"', '\u00e9') }),
);
const scheme = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('Bearer', 'bearer', 'BEARER', 'beaRer') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('Basic', '', 'Bearer:', 'Bearers', 'BearerX', 'Be\u0430rer', 'Beare', 'DPoP'),
  },
);
const space = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(' ', '  ') },
  { weight: 1, arbitrary: fc.constantFrom('', '\t', '\n', '\u00a0', '\u2003', '=', ', ', ' \t') },
);
const value = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constantFrom('', '', '', ' '), scheme, space, token).map((all) => all.join('')) },
  { weight: 1, arbitrary: fc.tuple(scheme, space, token, space, token).map((all) => all.join('')) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
);
const name = fc.constantFrom(
  'authorization',
  'authorization',
  'authorization',
  'x-serverless-authorization',
  'Authorization',
  'AUTHORIZATION',
  'X-Serverless-Authorization',
  'proxy-authorization',
  'x-authorization',
);
const fields = fc.array(fc.tuple(name, value), { maxLength: 3 });
const wanted = fc.constantFrom(...TOKEN_HEADERS);

/** A value as Lambda@Edge writes it. */
const keyAndValue = value.map((text) => ({ key: 'Authorization', value: text }));
/** The values of headers as anybody may give them, lists too; names that JavaScript knows among them. */
const anyHeaders: fc.Arbitrary<RequestHeaders | null> = fc.option(
  fc.dictionary(
    fc.oneof(name, fc.constantFrom('get', 'headers', '__proto__', 'constructor', 'length'), fc.string()),
    fc.oneof(
      value,
      fc.array(fc.oneof(value, keyAndValue, fc.constant(null)), { maxLength: 3 }),
      fc.constantFrom(undefined, null),
    ),
  ),
  { freq: 20 },
);

const sound: Bearer = { read: readBearer, ofNode: nodeHeaders };

export const bearer: Target<Bearer> = {
  name: 'bearer',
  subject: sound,
  properties: [
    property({
      name: 'only our errors, which tell nothing',
      values: fc.tuple(anyHeaders, wanted),
      async check({ read }: Bearer, [headers, header]) {
        const answer = await refusedOr(textOf(headers), () => read(headers, header));
        return 'code' in answer ? answer.code : 'accepted';
      },
      outcomes: ['accepted', 'token_missing', 'request_invalid'],
      broken: {
        'takes a missing header for a string': {
          ...sound,
          read: (headers, header) => fieldOf(headers, header).slice(7),
        },
        'quotes the header': { ...sound, read: quoting },
      },
    }),
    property({
      name: 'takes what RFC 6750 says, from one field of that name',
      values: fc.tuple(fields, wanted),
      async check({ read, ofNode }: Bearer, [all, header]) {
        const rawHeaders = all.flat();
        const answer = await refusedOr('', () => read(ofNode({ headers: {}, rawHeaders }), header));
        const expected = expectedToken(all, header);
        assert.equal('result' in answer ? answer.result : answer.code, expected);
        return expected === 'token_missing' || expected === 'request_invalid' ? expected : 'accepted';
      },
      outcomes: ['accepted', 'token_missing', 'request_invalid'],
      broken: {
        'takes the other header too': { ...sound, read: (headers, header) => orOther(headers, header) },
        'takes the first of two': { ...sound, ofNode: ({ rawHeaders = [] }) => firstFields(rawHeaders) },
        'takes any white space': { ...sound, read: (headers, header) => read(/^\s*bearer\s*(\S+)/i, headers, header) },
        'takes any ending': { ...sound, read: (headers, header) => read(/^bearer +([^\s,]+)/i, headers, header) },
      },
    }),
    property({
      name: 'Web headers and those of Node.js say the same',
      values: fc.tuple(fields, wanted),
      async check({ read, ofNode }: Bearer, [all, header]) {
        const sent = all.filter(([, text]) => canBeSent(text)).map(([key, text]) => [key, text.trim()] as const);
        const web = new Headers(sent.map(([key, text]) => [key, text]));
        const node = ofNode({ headers: {}, rawHeaders: sent.flat() });
        const [one, other] = await Promise.all([web, node].map((each) => refusedOr('', () => read(each, header))));
        assert.deepEqual(one, other);
        return one !== undefined && 'code' in one ? one.code : 'accepted';
      },
      outcomes: ['accepted', 'token_missing', 'request_invalid'],
      broken: { 'takes the first of two': { ...sound, ofNode: ({ rawHeaders = [] }) => firstFields(rawHeaders) } },
    }),
  ],
};

/** The token, or the code of the refusal. Written character by character, without the reader in mind. */
function expectedToken(all: readonly (readonly [string, string])[], header: TokenHeader): string {
  const values = all.filter(([key]) => key.toLowerCase() === header).map(([, text]) => text);
  if (values.length > 1 || values.some((text) => text.includes(','))) {
    return 'request_invalid';
  }
  const [text = ''] = values;
  const rest = text.slice('bearer'.length);
  const isBearer = ['B', 'b'].includes(text.charAt(0)) && text.slice(1, 6).toLocaleLowerCase('en') === 'earer';
  if (!isBearer || /^[A-Za-z0-9!#$%&'*+.^_`|~-]/.test(rest)) {
    return 'token_missing';
  }
  const words = rest.split(' ').filter((word) => word !== '');
  const [word = ''] = words;
  const isToken = rest.startsWith(' ') && rest.endsWith(word) && words.length === 1 && word.trim() === word;
  return isToken && ![...word].some((char) => char.trim() === '') ? word : 'request_invalid';
}

/** RFC 9110 §5.5; Latin-1 is what Web headers take. */
function canBeSent(text: string): boolean {
  return /^[\t -~\u0080-\u00ff]*$/.test(text) && text.trim() === text.replace(/^[\t ]+|[\t ]+$/g, '');
}

function textOf(headers: object | null): string {
  const values: unknown[] = Object.values(headers ?? {}).flat();
  return values.map((each) => (each as { value?: unknown } | null | undefined)?.value ?? each).join('.');
}

function fieldOf(headers: RequestHeaders | null | undefined, header: TokenHeader): string {
  return typeof headers?.get === 'function'
    ? `${headers.get(header) ?? ''}`
    : ((headers as Record<string, string>)[header] as string);
}

function quoting(headers: RequestHeaders | null | undefined, header: TokenHeader): string {
  try {
    return readBearer(headers, header);
  } catch {
    throw new GoogleIdTokenError('request_invalid', { hint: JSON.stringify(headers).slice(0, 300) });
  }
}

function orOther(headers: RequestHeaders | null | undefined, header: TokenHeader): string {
  try {
    return readBearer(headers, header);
  } catch {
    return readBearer(headers, TOKEN_HEADERS.find((other) => other !== header) ?? header);
  }
}

function firstFields(rawHeaders: readonly string[]): RequestHeaders {
  const first = new Map<string, string>();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const key = `${rawHeaders[at]}`.toLowerCase();
    first.set(key, first.get(key) ?? `${rawHeaders[at + 1]}`);
  }
  return Object.fromEntries(first);
}

function read(pattern: RegExp, headers: RequestHeaders | null | undefined, header: TokenHeader): string {
  return pattern.exec([fieldOf(headers, header) ?? ''].flat().join(','))?.[1] ?? readBearer(headers, header);
}
