import type { GoogleIdTokenErrorCode } from '@id-token-guard/core';
import { describe, expect, test } from 'vitest';
import { audienceMatcher } from '../../packages/core/src/audience.ts';
import { checkClaims } from '../../packages/core/src/claims.ts';
import { refusalOf } from './refusal-of.ts';

const AUDIENCE = 'https://api.example.com';

/** The time of the clock, in seconds. */
const NOW = 1_760_000_000;

const GOOD = {
  iss: 'https://accounts.google.com',
  aud: AUDIENCE,
  sub: '112010400000000710080',
  iat: NOW,
  exp: NOW + 3600,
};

const RULES = { audience: audienceMatcher(AUDIENCE), clockToleranceSeconds: 30, maxLifetimeSeconds: 86_400 };

describe('accepts', () => {
  test('the five claims that every token has, and returns what it was given', () => {
    expect(checkClaims(GOOD, RULES, NOW * 1000)).toBe(GOOD);
  });

  test.each(['https://accounts.google.com', 'accounts.google.com'])('the issuer %s', (iss) => {
    expect(checkClaims({ ...GOOD, iss }, RULES, NOW * 1000)).toMatchObject({ iss });
  });

  test.each([
    ['claims that nobody knows', { 'https://example.com/claim': { a: [1] } }],
    ['an azp that is not the subject', { azp: 'sender@my-project.iam.gserviceaccount.com' }],
    ['nbf and auth_time that have come', { nbf: NOW, auth_time: NOW - 5 }],
    ['auth_time that lies ahead: it says nothing about the token', { auth_time: NOW + 3600 }],
    ['e-mail claims of odd types: whoever needs them checks them', { email: 1, email_verified: 'true' }],
    ['times with fractions', { iat: NOW - 0.5, exp: NOW + 0.5 }],
  ])('%s', (_, claims) => {
    expect(checkClaims({ ...GOOD, ...claims }, RULES, NOW * 1000)).toMatchObject(claims);
  });
});

describe('refuses with claim_invalid', () => {
  const notStrings = [undefined, null, '', 1, true, ['x'], {}];
  const notNumbers = [undefined, null, '1760000000', true, [], {}, Number.NaN, Number.POSITIVE_INFINITY];
  const rows: [string, unknown][] = [
    ...notStrings.map((value): [string, unknown] => ['iss', value]),
    ...notStrings.map((value): [string, unknown] => ['sub', value]),
    ...[undefined, null, 1, true, {}].map((value): [string, unknown] => ['aud', value]),
    ...notNumbers.map((value): [string, unknown] => ['iat', value]),
    ...notNumbers.map((value): [string, unknown] => ['exp', value]),
    ...notNumbers.slice(1).map((value): [string, unknown] => ['nbf', value]),
    ...notNumbers.slice(1).map((value): [string, unknown] => ['auth_time', value]),
  ];

  test.each(rows)('%s: %j', async (claim, value) => {
    const claims = value === undefined ? without(claim) : { ...GOOD, [claim]: value };

    const refusal = await refusalOf(() => checkClaims(claims, RULES, NOW * 1000));

    expect(refusal).toMatchObject({ code: 'claim_invalid', claim, hint: expect.stringContaining(`"${claim}"`) });
  });

  test.each(['iss', 'sub', 'aud', 'iat', 'exp'])('%s that only the prototype has', async (claim) => {
    const inherited = Object.assign(Object.create(GOOD), without(claim));

    const refusal = await refusalOf(() => checkClaims(inherited, RULES, NOW * 1000));

    expect(refusal).toMatchObject({ code: 'claim_invalid', claim });
  });

  // A number that JSON can spell and a double cannot hold.
  test('a time of 1e999, which is Infinity', async () => {
    const claims = { ...GOOD, ...JSON.parse('{"exp":1e999}') };

    expect(await refusalOf(() => checkClaims(claims, RULES, NOW * 1000))).toMatchObject({ claim: 'exp' });
  });

  test.each([{ 'https://schemas.openid.net/secevent/risc/event-type/account-disabled': {} }, {}, null, undefined])(
    'a security event token, told by its events: %j',
    async (events) => {
      const refusal = await refusalOf(() => checkClaims({ ...GOOD, events }, RULES, NOW * 1000));

      expect(refusal).toMatchObject({
        code: 'claim_invalid',
        claim: 'events',
        hint: expect.stringContaining('security event token'),
      });
    },
  );

  test('a lifetime above the maximum, and not one that equals it', async () => {
    const rules = { ...RULES, maxLifetimeSeconds: 3600 };

    const refusal = await refusalOf(() => checkClaims({ ...GOOD, exp: NOW + 3600.001 }, rules, NOW * 1000));

    expect(refusal).toMatchObject({
      code: 'claim_invalid',
      claim: 'exp',
      hint: expect.stringContaining('maxLifetimeSeconds (3600)'),
    });
    expect(checkClaims(GOOD, rules, NOW * 1000)).toBe(GOOD);
  });
});

describe('refuses with issuer_mismatch', () => {
  test.each([
    'http://accounts.google.com',
    'https://accounts.google.com/',
    'https://ACCOUNTS.google.com',
    ' https://accounts.google.com',
    'https://accounts.google.com.example.com',
    'google.com',
  ])('%s', async (iss) => {
    const refusal = await refusalOf(() => checkClaims({ ...GOOD, iss }, RULES, NOW * 1000));

    expect(refusal).toMatchObject({ code: 'issuer_mismatch', claim: 'iss', hint: expect.stringContaining(iss) });
  });
});

describe('refuses with audience_mismatch', () => {
  test('another audience', async () => {
    const claims = { ...GOOD, aud: 'https://other.example.com' };

    const refusal = await refusalOf(() => checkClaims(claims, RULES, NOW * 1000));

    expect(refusal).toMatchObject({
      code: 'audience_mismatch',
      claim: 'aud',
      hint: expect.stringContaining('"https://other.example.com", expected "https://api.example.com"'),
    });
  });

  test.each([[[AUDIENCE]], [[AUDIENCE, 'https://other.example.com']], [[]]])(
    'a list, even of ours: %j, since Google sends a string',
    async (aud) => {
      const refusal = await refusalOf(() => checkClaims({ ...GOOD, aud }, RULES, NOW * 1000));

      expect(refusal).toMatchObject({
        code: 'audience_mismatch',
        claim: 'aud',
        hint: expect.stringContaining('"aud" is a list'),
      });
    },
  );

  test('the empty audience', async () => {
    const refusal = await refusalOf(() => checkClaims({ ...GOOD, aud: '' }, RULES, NOW * 1000));

    expect(refusal).toMatchObject({ code: 'audience_mismatch', claim: 'aud' });
  });
});

describe('compares the times of the token to the clock, to the millisecond', () => {
  test.each([
    { tolerance: 30, exp: NOW + 3600, expiresAt: (NOW + 3630) * 1000 },
    { tolerance: 0, exp: NOW + 3600, expiresAt: (NOW + 3600) * 1000 },
    { tolerance: 300, exp: NOW + 3600, expiresAt: (NOW + 3900) * 1000 },
  ])(
    'exp with a tolerance of $tolerance s: good before $expiresAt, expired then',
    async ({ tolerance, exp, expiresAt }) => {
      const rules = { ...RULES, clockToleranceSeconds: tolerance };

      expect(checkClaims({ ...GOOD, exp }, rules, expiresAt - 1)).toMatchObject({ exp });
      const refusal = await refusalOf(() => checkClaims({ ...GOOD, exp }, rules, expiresAt));
      expect(refusal).toMatchObject({
        code: 'token_expired',
        claim: 'exp',
        hint: expect.stringContaining(`expired ${tolerance} s ago`),
      });
    },
  );

  test.each([
    { claim: 'iat', tolerance: 30, validFrom: (NOW + 570) * 1000 },
    { claim: 'iat', tolerance: 0, validFrom: (NOW + 600) * 1000 },
    { claim: 'nbf', tolerance: 30, validFrom: (NOW + 570) * 1000 },
    { claim: 'nbf', tolerance: 0, validFrom: (NOW + 600) * 1000 },
  ])('$claim with a tolerance of $tolerance s: good from $validFrom on', async ({ claim, tolerance, validFrom }) => {
    const rules = { ...RULES, clockToleranceSeconds: tolerance };
    const claims = { ...GOOD, [claim]: NOW + 600 };

    expect(checkClaims(claims, rules, validFrom)).toBe(claims);
    const refusal = await refusalOf(() => checkClaims(claims, rules, validFrom - 1));
    expect(refusal).toMatchObject({
      code: 'token_not_yet_valid',
      claim,
      hint: expect.stringContaining(`"${claim}" lies ${tolerance + 1} s ahead`),
    });
  });

  test.each<[GoogleIdTokenErrorCode, string, number]>([
    ['token_expired', 'NaN', Number.NaN],
    ['token_expired', 'Infinity', Number.POSITIVE_INFINITY],
    ['token_not_yet_valid', '-Infinity', Number.NEGATIVE_INFINITY],
  ])('%s where the clock is broken and says %s', async (code, _, now) => {
    expect(await refusalOf(() => checkClaims(GOOD, RULES, now))).toMatchObject({ code });
  });
});

describe('tells the first thing that is wrong, in this order', () => {
  // Each row has its own fault and the faults of all rows below it.
  const faults: [GoogleIdTokenErrorCode, string, object][] = [
    ['claim_invalid', 'iss', { iss: undefined }],
    ['claim_invalid', 'sub', { sub: undefined }],
    ['claim_invalid', 'aud', { aud: undefined }],
    ['claim_invalid', 'iat', { iat: undefined }],
    ['claim_invalid', 'exp', { exp: undefined }],
    ['claim_invalid', 'nbf', { nbf: 'x' }],
    ['claim_invalid', 'auth_time', { auth_time: 'x' }],
    ['claim_invalid', 'events', { events: {} }],
    ['claim_invalid', 'exp', { iat: NOW - 200_000, exp: NOW - 100_000 }],
    ['issuer_mismatch', 'iss', { iss: 'https://accounts.example.com' }],
    ['audience_mismatch', 'aud', { aud: [AUDIENCE] }],
    ['token_expired', 'exp', { exp: NOW - 3600 }],
    ['token_not_yet_valid', 'iat', { iat: NOW + 3600 }],
    ['token_not_yet_valid', 'nbf', { nbf: NOW + 3600 }],
  ];

  test.each(faults.map(([code, claim], index) => ({ code, claim, index })))(
    '$index. $code, $claim',
    async ({ code, claim, index }) => {
      const claims = Object.assign(
        { ...GOOD },
        ...faults
          .slice(index)
          .map(([, , fault]) => fault)
          .toReversed(),
      );

      expect(await refusalOf(() => checkClaims(claims, RULES, NOW * 1000))).toMatchObject({ code, claim });
    },
  );
});

function without(claim: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(GOOD).filter(([name]) => name !== claim));
}
