/*
 * An operator may allow any number of callers and audiences. What a refused request costs does not depend on it, nor
 * does the length of what the operator is told.
 */
import { allOf, anyOf, type CallerRule, serviceAccount, subject, user } from '@id-token-guard/core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { AUDIENCE, createVerifier, idToken } from './fixtures.ts';
import { refusalOf } from './refusal-of.ts';

const MANY = 100_000;

const numbers = Array.from({ length: MANY }, (_, index) => index);
const accounts = numbers.map((number) => `sender-${number}@my-project.iam.gserviceaccount.com`);
const people = numbers.map((number) => `person-${number}@example.com`);

/** A list that counts how many of its values are looked at. */
let looks = 0;
const sets = Set.prototype as { [Symbol.iterator](): IterableIterator<unknown> };
const { [Symbol.iterator]: iterate } = sets;
afterEach(() => {
  sets[Symbol.iterator] = iterate;
});

function countLooks(): void {
  looks = 0;
  sets[Symbol.iterator] = function* counting(this: Set<unknown>) {
    for (const value of { [Symbol.iterator]: () => iterate.call(this) }) {
      looks += 1;
      yield value;
    }
  };
}

describe('a refused caller is told of the first five, and no more of them are looked at', () => {
  test.each<[string, CallerRule, string]>([
    [
      'serviceAccount',
      serviceAccount(...accounts.slice(0, 65_000)),
      'sender-4@my-project.iam.gserviceaccount.com" or one of 64995 more.',
    ],
    ['user', user(...people.slice(0, 65_000)), 'person-4@example.com" or one of 64995 more.'],
  ])('%s', async (_, callers, end) => {
    const verifier = createVerifier({ callers });
    const token = await idToken({ email: 'stranger@elsewhere.iam.gserviceaccount.com' });
    countLooks();

    const refusal = await refusalOf(() => verifier.verify(token));

    expect(refusal.code).toBe('caller_not_allowed');
    expect(refusal.hint?.endsWith(end)).toBe(true);
    expect(looks).toBeLessThanOrEqual(5);
  });
});

test('a token for another audience is told of the first five of many', async () => {
  const audience = numbers.map((number) => `https://tenant-${number}.example.com`);
  const verifier = createVerifier({ audience });
  const token = await idToken({ aud: 'https://other.example.com' });
  countLooks();

  const { hint = '' } = await refusalOf(() => verifier.verify(token));

  expect(hint).toContain('"https://tenant-4.example.com" or one of 99995 more.');
  expect(hint.length).toBeLessThan(500);
  expect(looks).toBeLessThanOrEqual(5);
});

describe('of many rules, the sentences of the first five are told', () => {
  const each = (number: number): CallerRule => subject(`${number + 1}`);
  const rules = numbers.slice(0, 1000).map(each);
  const slow = rules.map(
    (rule): CallerRule =>
      async (token) =>
        rule(token),
  );
  const ONE = 'The "sub" of the token is not an allowed one.';

  test.each<[string, CallerRule | CallerRule[]]>([
    ['in a list', rules],
    ['that take their time', slow],
    ['of which one takes its time', [...rules.slice(0, 3), ...slow.slice(3, 4), ...rules.slice(4)]],
    ['in anyOf()', anyOf(...rules)],
    ['in allOf(), within anyOf()', anyOf(...rules.map((rule) => allOf(rule)))],
  ])('%s', async (_, callers) => {
    const verifier = createVerifier({ callers });

    const { hint } = await refusalOf(async () => verifier.verify(await idToken({ sub: '99999999' })));

    expect(hint).toBe(`${Array(5).fill(ONE).join(' ')} And 995 more rules said no.`);
  });

  test('and each is asked, to the last', async () => {
    const last = vi.fn(subject('99999999'));
    const verifier = createVerifier({ callers: [...rules, last] });

    await verifier.verify(await idToken({ sub: '99999999' }));

    expect(last).toHaveBeenCalledOnce();
  });

  test.each([4, 5])('%d rules need no such end', async (count) => {
    const verifier = createVerifier({ audience: AUDIENCE, callers: rules.slice(0, count) });

    const { hint } = await refusalOf(async () => verifier.verify(await idToken({ sub: '99999999' })));

    expect(hint).toBe(Array(count).fill(ONE).join(' '));
  });
});
