/*
 * The windows of the judge, one by one, on a clock of seconds: the judge is the soak's only word on what is right.
 */
import { describe, expect, test } from 'vitest';
import type { GoogleKey } from './google.ts';
import { type Answered, allowedOutcomes, type Evidence } from './judge.ts';
import type { KeyAnswer } from './key-server.ts';
import { UNTIL_RECOVERED, UNTIL_REFRESHED, UNTIL_STRANGERS_PASS, USABLE } from './promises.ts';

const HOUR = 3_600_000;
const SENT = 100 * HOUR;

const oldKey = key('old', 0);
const newKey = key('new', SENT - HOUR / 60);

function key(kid: string, publishedAt: number, withdrawnAt?: number): GoogleKey {
  // The judge reads names and times only.
  return { kid, publishedAt, withdrawnAt } as GoogleKey;
}

function answer(at: number, ...keys: GoogleKey[]): KeyAnswer {
  return { at, kids: new Set(keys.map(({ kid }) => kid)) };
}

/** A service that got the old key two minutes ago, while Google is well, unless told otherwise. */
function allowed(request: Partial<Answered> & Pick<Answered, 'kind'>, evidence: Partial<Evidence> = {}): string[] {
  const outcomes = allowedOutcomes(
    { key: oldKey, sentAt: SENT, answeredAt: SENT + 1000, familiar: true, ...request },
    { answers: [answer(SENT - 120_000, oldKey)], outages: [], ...evidence },
  );
  return [...outcomes].toSorted();
}

const DOWN = { outages: [{ from: SENT - HOUR / 10, to: Number.POSITIVE_INFINITY }] };

describe('while Google is well', () => {
  test.each([
    ['repeated', 'accepted'],
    ['fresh', 'accepted'],
    ['newcomer', 'accepted'],
    ['expired', 'token_expired'],
    ['outlived', 'token_expired'],
    ['forged', 'signature_invalid'],
    ['otherAudience', 'audience_mismatch'],
    ['otherCaller', 'caller_not_allowed'],
    ['noise', 'token_malformed'],
    ['nothing', 'token_missing'],
    ['twoTokens', 'request_invalid'],
    ['unsigned', 'algorithm_unsupported'],
  ] as const)('%s: only %s', (kind, outcome) => {
    expect(allowed({ kind })).toEqual([outcome]);
  });

  test('an unknown key id whose token could not pass: only key_unknown', () => {
    expect(allowed({ kind: 'expiredUnknownKid', key: undefined })).toEqual(['key_unknown']);
  });

  test('an unknown key id that may be good: key_unknown where Google was asked, and else 503', () => {
    const looked = [answer(SENT - 120_000, oldKey), answer(SENT + 500, oldKey)];

    expect(allowed({ kind: 'unknownKid', key: undefined }, { answers: looked })).toEqual([
      'key_unknown',
      'keys_unavailable',
    ]);
    expect(allowed({ kind: 'unknownKid', key: undefined })).toEqual(['keys_unavailable']);
  });

  test('a service that has just started waits for the keys, and then accepts', () => {
    expect(allowed({ kind: 'fresh' }, { answers: [answer(SENT + 500, oldKey)] })).toEqual(['accepted']);
  });

  test('a service that never asked for keys can accept nothing', () => {
    expect(allowed({ kind: 'fresh' }, { answers: [] })).toEqual([]);
  });

  test('a key without notice is fetched at once for a caller that was accepted before', () => {
    const answers = [answer(SENT - 120_000, oldKey), answer(SENT + 500, oldKey, newKey)];

    expect(allowed({ kind: 'fresh', key: newKey }, { answers })).toEqual(['accepted']);
  });

  test('for a caller that was not, some seconds later at the latest', () => {
    const early = key('early', SENT - UNTIL_STRANGERS_PASS + 1);
    const late = key('late', SENT - UNTIL_STRANGERS_PASS - 1);
    const answers = [answer(SENT - 120_000, oldKey), answer(SENT + 500, oldKey, early, late)];

    expect(allowed({ kind: 'newcomer', key: early, familiar: false }, { answers })).toEqual([
      'accepted',
      'keys_unavailable',
    ]);
    expect(allowed({ kind: 'newcomer', key: late, familiar: false }, { answers })).toEqual(['accepted']);
  });

  test('a withdrawn key works until the service gets keys without it', () => {
    const gone = key('gone', 0, SENT - 90_000);

    expect(allowed({ kind: 'withdrawn', key: gone }, { answers: [answer(SENT - 100_000, gone)] })).toEqual([
      'accepted',
    ]);
    expect(
      allowed({ kind: 'withdrawn', key: gone }, { answers: [answer(SENT - 300_000, gone), answer(SENT - 80_000)] }),
    ).toEqual(['keys_unavailable']);
    expect(
      allowed({ kind: 'withdrawn', key: gone }, { answers: [answer(SENT - 300_000, gone), answer(SENT - 70_000)] }),
    ).toEqual(['key_unknown', 'keys_unavailable']);
  });

  test('a key that is withdrawn while the request is under way may be known or not', () => {
    const going = key('going', 0, SENT + 500);
    const answers = [answer(SENT - 100_000, going), answer(SENT + 800)];

    expect(allowed({ kind: 'fresh', key: going }, { answers })).toEqual([
      'accepted',
      'key_unknown',
      'keys_unavailable',
    ]);
  });

  test('a withdrawn key does not work for longer than the keys are fresh, even if the service does not ask', () => {
    const gone = key('gone', 0, SENT - UNTIL_REFRESHED - 1000);

    expect(allowed({ kind: 'withdrawn', key: gone }, { answers: [answer(SENT - 300_000, gone)] })).toEqual([]);
  });
});

describe('while Google is down', () => {
  test.each([
    ['fresh', 'accepted'],
    ['expired', 'token_expired'],
    ['forged', 'signature_invalid'],
  ] as const)('%s, of a key that the service has: only %s', (kind, outcome) => {
    expect(allowed({ kind }, DOWN)).toEqual([outcome]);
  });

  test('a key that the service never got: 503, and no 401', () => {
    expect(allowed({ kind: 'fresh', key: newKey }, DOWN)).toEqual(['keys_unavailable']);
  });

  test('an expired token of such a key cannot pass, so 401 is right and 503 is not', () => {
    expect(allowed({ kind: 'expired', key: newKey }, DOWN)).toEqual(['key_unknown']);
  });

  test('a service without any keys: 503 for every token, and 401 for what is none', () => {
    expect(allowed({ kind: 'fresh' }, { ...DOWN, answers: [] })).toEqual(['keys_unavailable']);
    expect(allowed({ kind: 'expired' }, { ...DOWN, answers: [] })).toEqual(['keys_unavailable']);
    expect(allowed({ kind: 'noise' }, { ...DOWN, answers: [] })).toEqual(['token_malformed']);
  });

  test('keys that are too old: 503, and accepted no more', () => {
    const answers = [answer(SENT - USABLE - HOUR / 10, oldKey)];

    expect(allowed({ kind: 'fresh' }, { ...DOWN, answers })).toEqual(['keys_unavailable']);
  });

  test('503 ends with the first attempt after Google has recovered', () => {
    const recovered = (to: number) => ({ outages: [{ from: 0, to }], answers: [answer(SENT + 500, newKey)] });

    expect(allowed({ kind: 'fresh', key: newKey }, recovered(SENT - UNTIL_RECOVERED + 1))).toContain(
      'keys_unavailable',
    );
    expect(allowed({ kind: 'fresh', key: newKey }, recovered(SENT - UNTIL_RECOVERED - 1))).toEqual(['accepted']);
  });
});
