/*
 * Tokens that are signed by the right key, mostly, and say things that are right, mostly.
 */
import fc from 'fast-check';
import { encode, join, rs256 } from '../../core/hostile/forge.ts';
import { AUDIENCE, CLAIMS, HEADER, KEY, KID, NOW, OTHER_KEY } from '../support/google.ts';
import { bytesOf, jsonTexts, objectTextsWith } from './json-texts.ts';

/** Times around the limits of 30 s of tolerance and a day of lifetime, and what is no time. */
const time = fc.oneof(
  fc.constantFrom(-31, -30, -29, 0, 29, 30, 31, 86_399, 86_400, 86_401).map((seconds) => `${NOW + seconds}`),
  fc.integer({ min: -40, max: 40 }).map((seconds) => `${NOW + seconds}`),
  fc.double({ min: NOW - 31, max: NOW + 31, noNaN: true }).map(String),
  fc.constantFrom(
    '1e999',
    '-1e999',
    '0',
    '-0',
    '1.76e9',
    '1760000000.5',
    'null',
    `"${NOW}"`,
    'true',
    `${2 ** 53}`,
    '1e308',
  ),
);

/** Longer than anything that a log line should repeat. */
const long = fc.nat({ max: 5000 }).map((length) => 'https://accounts.google.com/'.padEnd(length, 'x'));

const issuer = fc.oneof(
  long,
  fc.constantFrom(
    'https://accounts.google.com',
    'accounts.google.com',
    'https://accounts.google.com/',
    'HTTPS://accounts.google.com',
  ),
  fc.constantFrom(
    'http://accounts.google.com',
    'https://accounts.google.com.evil.example',
    'https://accounts.g\u043eogle.com',
    '',
  ),
  fc.string(),
);
const audience = fc.oneof(
  long,
  fc.constantFrom<unknown>(AUDIENCE, [AUDIENCE], [], `${AUDIENCE}/`, AUDIENCE.toUpperCase(), `${AUDIENCE}\0`, null, {
    0: AUDIENCE,
  }),
  fc.array(fc.constantFrom('x', AUDIENCE)),
  fc.string(),
);

const text = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<string> => values.map((value) => JSON.stringify(value));

/** For each name, what it may be in place of what is right. */
const otherClaims: Readonly<Record<string, fc.Arbitrary<string>>> = {
  iss: text(issuer),
  aud: text(audience),
  iat: time,
  exp: time,
  nbf: time,
  auth_time: time,
  sub: fc.oneof(fc.constantFrom('""', '1', 'null', '"1"'), jsonTexts),
  events: jsonTexts,
  __proto__x: jsonTexts,
  email: text(fc.constantFrom('push@my-project.iam.gserviceaccount.com', 'a@example.com', '', null)),
};
const otherParameters: Readonly<Record<string, fc.Arbitrary<string>>> = {
  alg: text(fc.constantFrom('RS256', 'rs256', 'none', 'HS256', 'RS384', 'PS256', 'ES256', '', null, ['RS256'])),
  kid: text(fc.constantFrom(KID, KID.toUpperCase(), 'other', '', null, 1, '__proto__', '../../x')),
  typ: text(fc.constantFrom('JWT', 'at+jwt', 'secevent+jwt', null)),
  crit: text(fc.constantFrom(['b64'], ['exp'], [], null, 'x')),
  b64: fc.constantFrom('true', 'false', 'null'),
  zip: fc.constantFrom('"DEF"', 'null'),
  jku: fc.constant('"https://evil.example/jwks.json"'),
  jwk: fc.constant(JSON.stringify(OTHER_KEY.publicKey.export({ format: 'jwk' }))),
};

/** Right members as JSON text, with up to two of them changed, left out, or there twice. */
function nearly(right: object, others: Readonly<Record<string, fc.Arbitrary<string>>>): fc.Arbitrary<string> {
  const change = fc
    .constantFrom(...Object.keys(others))
    .chain((name) =>
      fc.tuple(fc.constant(name), fc.constantFrom('instead', 'before', 'behind', 'without'), others[name] ?? jsonTexts),
    );
  return fc.array(change, { maxLength: 2 }).map((changes) => {
    let members = Object.entries(right).map(([name, value]) => [name, JSON.stringify(value)] as const);
    for (const [name, where, value] of changes) {
      const rest = where === 'instead' || where === 'without' ? members.filter(([other]) => other !== name) : members;
      const added = where === 'without' ? [] : [[name, value] as const];
      members = where === 'before' ? [...added, ...rest] : [...rest, ...added];
    }
    return `{${members.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`;
  });
}

const payload = fc.oneof(
  { weight: 6, arbitrary: nearly(CLAIMS, otherClaims) },
  {
    weight: 2,
    arbitrary: objectTextsWith(
      Object.fromEntries(Object.entries(CLAIMS).map(([name, value]) => [name, fc.constant(JSON.stringify(value))])),
    ),
  },
  { weight: 1, arbitrary: jsonTexts },
);
const header = fc.oneof(
  { weight: 6, arbitrary: fc.constant(JSON.stringify(HEADER)) },
  { weight: 3, arbitrary: nearly(HEADER, otherParameters) },
  { weight: 1, arbitrary: objectTextsWith({ alg: fc.constant('"RS256"'), kid: fc.constant(`"${KID}"`) }) },
);

/** Signed once the value is drawn: what stands here is what a failure prints. */
export const signedTokens: fc.Arbitrary<{ readonly header: string; readonly payload: string; readonly token: string }> =
  fc
    .tuple(bytesOf(header), bytesOf(payload), fc.constantFrom(KEY, KEY, KEY, KEY, KEY, KEY, KEY, OTHER_KEY))
    .map(([head, claims, key]) => {
      const input = `${encode(head)}.${encode(claims)}`;
      return {
        header: Buffer.from(head).toString(),
        payload: Buffer.from(claims).toString(),
        token: join(input, rs256(key, input)),
      };
    });
