import { describe, expect, test } from 'vitest';
import { rowsOf, timeInWords } from '../../packages/emulator/src/page/browser/words.ts';

const NOW = 1_700_000_000;

describe('a time in words', () => {
  test.each([
    [0, 'just now'],
    [-0.9, 'just now'],
    [1, 'in 1 second'],
    [-59, '59 seconds ago'],
    [60, 'in 1 minute'],
    [3599, 'in 59 minutes'],
    [3600, 'in 1 hour'],
    [-7199, '1 hour ago'],
    [86_399, 'in 23 hours'],
    [-86_400, '1 day ago'],
    [-200 * 86_400, '200 days ago'],
  ])('%s s from now: %s', (difference, words) => {
    expect(timeInWords(NOW + difference, NOW)).toBe(words);
  });
});

describe('claims as rows', () => {
  test('are in the order of the alphabet, and those within objects have a path', () => {
    const compute_engine = { zone: 'us-central1-a', license_id: ['1', '2'], instance_creation_timestamp: NOW - 60 };

    expect(rowsOf({ sub: '1', google: { compute_engine }, email_verified: true }, NOW)).toEqual([
      { name: 'email_verified', value: 'true' },
      {
        name: 'google.compute_engine.instance_creation_timestamp',
        value: String(NOW - 60),
        words: expect.stringMatching(/^Nov 1\d, 2023, .*, 1 minute ago$/),
      },
      { name: 'google.compute_engine.license_id', value: '["1","2"]' },
      { name: 'google.compute_engine.zone', value: 'us-central1-a' },
      { name: 'sub', value: '1' },
    ]);
  });

  test('have words only where a number is a time', () => {
    const rows = rowsOf({ exp: NOW + 3600, iat: NOW, nbf: String(NOW), other: NOW, google: null }, NOW);

    expect(rows.map(({ name, words }) => [name, words?.split(', ').at(-1)])).toEqual([
      ['exp', 'in 1 hour'],
      ['google', undefined],
      ['iat', 'just now'],
      ['nbf', undefined],
      ['other', undefined],
    ]);
  });
});
