/*
 * Nothing hostile costs much more than the dearest good token, and nothing grows faster than the input. All by comparison
 * within the same run: how fast the machine is does not matter.
 */
import { createGoogleIdTokenVerifier } from '@id-token-guard/core';
import { describe, expect, test } from 'vitest';
import {
  type AuthorizationValue,
  acceptedInputs,
  authorizationOf,
  createKit,
  hostileFamilies,
  type Kit,
} from './catalogue.ts';
import { leastCost } from './cost.ts';

/** The dearest hostile input costs less than the dearest good one; a step of quadratic cost makes it a hundred times more. */
const MUCH = 5;

/** From four times the input: linear cost is 4 times as much, quadratic 16. */
const FASTER_THAN_LINEAR = 9;

const kit = await createKit();
// Without the cache: good tokens shall cost what they cost the first time.
const verifier = createGoogleIdTokenVerifier({ ...kit.options, tokenCacheSize: 0 });
const dearestGood = await costOfDearestGood();

function send(authorization: AuthorizationValue): Promise<unknown> {
  return verifier.authenticate({ authorization }).catch(() => {});
}

async function costOfDearestGood(): Promise<number> {
  const costs: number[] = [];
  for (const input of acceptedInputs) {
    const authorization = await authorizationOf(input, kit);
    costs.push(await leastCost(() => send(authorization), { rounds: 3 }));
  }
  return Math.max(...costs);
}

test.each(Object.entries(hostileFamilies))(
  'no input costs much more than the dearest good token: %s',
  async (_, inputs) => {
    const tooDear: string[] = [];
    for (const input of inputs) {
      const authorization = await authorizationOf(input, kit);
      const cost = await leastCost(() => send(authorization), { repetitions: 3, enough: MUCH * dearestGood });
      if (cost > MUCH * dearestGood) {
        tooDear.push(`${input.name}: ${(cost / dearestGood).toFixed(1)} times the dearest good token`);
      }
    }
    expect(tooDear).toEqual([]);
  },
);

/** Makes a header of about so many characters. */
type Growth = readonly [name: string, header: (kit: Kit, size: number) => AuthorizationValue];

/** Within the 16 KiB that a token may have: from here to four times as much. */
const SMALL_TOKEN = 3_500;
/** Beyond what a token may have, in the end: from here to four times as much. */
const SMALL_HEADER = 8_000;

const tokens: readonly Growth[] = [
  ['one long claim', (kit, size) => bearer(kit.token({ long: 'x'.repeat(bytes(size)) }))],
  ['many claims', (kit, size) => bearer(kit.token(manyMembers(bytes(size) / 12)))],
  ['a deep claim', (kit, size) => bearer(withDeepClaim(kit, bytes(size) / 2))],
  ['a long list', (kit, size) => bearer(kit.token({ long: Array.from({ length: bytes(size) / 2 }, () => 1) }))],
  ['escapes in JSON', (kit, size) => bearer(kit.token({ long: '\u0001'.repeat(bytes(size) / 6) }))],
  ['a long kid', (kit, size) => bearer(kit.token({}, { kid: 'x'.repeat(bytes(size)) }))],
  ['many header parameters', (kit, size) => bearer(kit.token({}, manyMembers(bytes(size) / 12)))],
  [
    'a long audience',
    (kit, size) => bearer(kit.token({ aud: `${kit.options.audience}${'/x'.repeat(bytes(size) / 2)}` })),
  ],
  [
    'a long list of audiences',
    (kit, size) => bearer(kit.token({ aud: Array.from({ length: bytes(size) / 4 }, () => 'a') })),
  ],
  ['a long issuer', (kit, size) => bearer(kit.token({ iss: `https://accounts.google.com${'/'.repeat(bytes(size))}` }))],
  ['a long e-mail', (kit, size) => bearer(kit.token({ email: `${'a@'.repeat(bytes(size) / 2)}x.example` }))],
  ['a long number', (kit, size) => bearer(withNumber(kit, bytes(size)))],
  ['a long signature', (kit, size) => bearer(`${kit.token()}${'A'.repeat(4 * Math.floor(size / 4))}`)],
  ['nothing but dots', (_, size) => bearer('.'.repeat(size))],
  ['not base64url to the last character', (_, size) => bearer(`${'A'.repeat(size)}!`)],
];

const headers: readonly Growth[] = [
  ['a long token', (_, size) => bearer('A'.repeat(size))],
  ['spaces behind Bearer', (_, size) => `Bearer${' '.repeat(size)}`],
  ['spaces within', (_, size) => `Bearer a${' '.repeat(size)}b`],
  ['spaces and tabs in turn', (_, size) => `Bearer ${' \t'.repeat(size / 2)}x`],
  ['commas', (_, size) => `Bearer ${','.repeat(size)}`],
  ['Bearer again and again', (_, size) => 'Bearer '.repeat(size / 7)],
  ['letters of Bearer', (_, size) => 'Bearer'.repeat(size / 6)],
  ['no scheme at all', (_, size) => ' '.repeat(size)],
  ['many headers', (_, size) => Array.from({ length: size / 10 }, () => 'Bearer a.b')],
];

describe.each([
  ['a token', SMALL_TOKEN, tokens],
  ['a header', SMALL_HEADER, headers],
] as const)('four times as much costs about four times as much, in %s', (_, small, growths) => {
  test.each(growths)('%s', async (_name, header) => {
    const [little, much] = [header(kit, small), header(kit, 4 * small)];
    expect(
      await growth(
        () => send(little),
        () => send(much),
      ),
    ).toBeLessThan(FASTER_THAN_LINEAR);
  });
});

describe('the measure', () => {
  const quadratic = (size: number) => async () => {
    let steps = 0;
    for (let outer = 0; outer < size; outer += 1) {
      for (let inner = 0; inner < size; inner += 1) {
        steps += outer ^ inner;
      }
    }
    return steps;
  };

  test('tells quadratic growth', async () => {
    expect(await growth(quadratic(1500), quadratic(6000), 1)).toBeGreaterThan(FASTER_THAN_LINEAR);
  });

  test('tells a quadratic step from a dear token', async () => {
    expect(await leastCost(quadratic(8000), { rounds: 2, repetitions: 1 })).toBeGreaterThan(MUCH * dearestGood);
  });
});

/** How much more the second one costs. A noisy machine gets more attempts, and the least counts. */
async function growth(little: () => Promise<unknown>, much: () => Promise<unknown>, repetitions = 20): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 5 && least > FASTER_THAN_LINEAR; attempt += 1) {
    // What costs next to nothing is not measured well.
    const cost = Math.max(await leastCost(little, { repetitions }), dearestGood / 100);
    least = Math.min(least, (await leastCost(much, { repetitions })) / cost);
  }
  return least;
}

function bearer(token: string): string {
  return `Bearer ${token}`;
}

/** So many bytes become about so many characters of base64url. */
function bytes(characters: number): number {
  return Math.floor((characters * 3) / 4);
}

function manyMembers(count: number): object {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`c${index}`, 'x']));
}

function withDeepClaim(kit: Kit, levels: number): string {
  const lists = '['.repeat(levels) + ']'.repeat(levels);
  return kit.signed(kit.header, `${JSON.stringify(kit.claims).slice(0, -1)},"deep":${lists}}`);
}

function withNumber(kit: Kit, digits: number): string {
  return kit.signed(kit.header, `${JSON.stringify(kit.claims).slice(0, -1)},"number":${'9'.repeat(digits)}}`);
}
