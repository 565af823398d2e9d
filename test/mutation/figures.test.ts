import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { countsOf, figuresOf, type Report } from './figures.ts';
import { type Silenced, silenced } from './silenced.ts';
import { tables } from './tables.ts';

const SOURCE = ['export function isAdult(age: number): boolean {', '  return age >= 18 && true;', '}'].join('\n');

/** Five changes of the second line, with what became of each. */
const report: Report = {
  files: {
    'packages/core/src/keys/adult.ts': {
      source: SOURCE,
      mutants: [
        mutant('Killed', 'age > 18'),
        mutant('Killed', 'false'),
        mutant('Timeout', 'age\n >= 17'),
        mutant('Survived', 'age > 19 || true'),
        mutant('NoCoverage', 'age >= 19'),
      ],
    },
  },
};

const reason: Silenced = {
  reason: 'Nobody needs the second half.',
  mutants: [['keys/adult', 'return age >= 18 && true;', 'age >= 18', 'age >= 19']],
};

describe('the figures', () => {
  test('count a mutant that no test reaches among those that survive', () => {
    expect(countsOf(figuresOf(report, []).mutants)).toStrictEqual({
      mutants: 5,
      killed: 2,
      timedOut: 1,
      survived: 2,
      silenced: 0,
      score: 60,
      strictScore: 60,
    });
  });

  test('leave silenced mutants out of the score, but not of the strict one', () => {
    const { mutants, outdated } = figuresOf(report, [reason]);

    expect(countsOf(mutants)).toMatchObject({ survived: 1, silenced: 1, score: 75, strictScore: 60 });
    expect(outdated).toEqual([]);
  });

  test.each([
    ['a test has noticed', 'age > 18'],
    ['is no more', 'age >= 21'],
  ])('tell when a silenced mutant %s', (_, becomes) => {
    const entry = ['keys/adult', 'return age >= 18 && true;', 'age >= 18', becomes] as const;

    expect(figuresOf(report, [{ reason: 'It makes no difference.', mutants: [entry] }]).outdated).toEqual([entry]);
  });

  test('show every survivor as a change of its line, and a score for each source', () => {
    const text = tables(figuresOf(report, [reason]));

    expect(text).toContain(
      'keys/adult.ts:2  Mutator\n    return age >= 18 && true;\n  - age >= 18\n  + age > 19 || true\n',
    );
    expect(text).toMatch(/^keys\/adult +5 +2 +1 +1 +1 +75\.0$/m);
    expect(text).toMatch(/^all +5 +2 +1 +1 +1 +75\.0$/m);
  });
});

describe('a mutant is silenced', () => {
  test.each(silenced.flatMap(({ mutants }) => mutants))('in a line that still stands in %s: %s', (source, line) => {
    const text = readFileSync(new URL(`../../packages/core/src/${source}.ts`, import.meta.url), 'utf8');

    expect(text.split('\n').map((each) => each.trim())).toContain(line);
  });

  test('once', () => {
    const entries = silenced.flatMap(({ mutants }) => mutants).map((entry) => entry.join('\n'));

    expect(new Set(entries).size).toBe(entries.length);
  });
});

function mutant(status: string, replacement: string): Report['files'][string]['mutants'][number] {
  const location = { start: { line: 2, column: 10 }, end: { line: 2, column: 19 } };
  return { status, replacement, mutatorName: 'Mutator', location };
}
