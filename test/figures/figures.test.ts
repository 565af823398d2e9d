import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { tableIn, withTable } from '../runtimes/table.ts';
import { allFigures } from './all-figures.ts';
import { figuresTable } from './figure.ts';
import { conformanceRows, vectorRows } from './quick-figures.ts';
import { readRecorded, record } from './recorded.ts';
import { fuzzRow, mutationRow, soakRow } from './recorded-figures.ts';
import { type FuzzSummary, type MutationSummary, type SoakSummary, summaryOfFuzz, summaryOfSoak } from './summaries.ts';

const page = await readFile(new URL('../../docs/figures.md', import.meta.url), 'utf8');
const { scripts } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
const figures = await allFigures();
const sections = [...page.matchAll(/^## (.+)$/gm)].map(([, title]) => title);
const origin = { date: '2026-01-31', node: 'v24.1.0' };

describe('docs/figures.md', () => {
  test('has the table that npm run report:figures would write', () => {
    let written = tableIn(page, 'figures');
    if (figures.every(({ section }) => section !== 'Wycheproof')) {
      console.log('../shared/vectors/wycheproof-rs256.json is not beside the repository: its rows are not compared.');
      written = written.replace(/^\| \[Wycheproof\].*\n/gm, '');
    }

    expect(written, '"npm run report:figures" writes it anew.').toBe(figuresTable(figures));
  });

  test('says of each figure what it shows and what not', () => {
    const all = new Set([...figures.map(({ section }) => section), 'Wycheproof']);

    expect(new Set(sections)).toEqual(all);
    expect(page.match(/^- \*\*Shows\*\*: /gm)).toHaveLength(sections.length);
    expect(page.match(/^- \*\*Does not show\*\*: /gm)).toHaveLength(sections.length);
  });

  test('names commands that are there, for all that was measured', () => {
    const measured = figures.filter(({ result }) => result !== 'not recorded yet');

    expect(measured.filter(({ command }) => scripts[`${command.split(' ')[2]}`] === undefined)).toEqual([]);
  });
});

describe('what was recorded', () => {
  test('has no failure of the fuzzing, and some runs of each target', async () => {
    const { failures, targets } = (await readRecorded('fuzz')) ?? expect.fail('Nothing was recorded.');

    expect(failures).toBe(0);
    expect(targets.filter(({ runs }) => runs === 0)).toEqual([]);
  });

  test('has no violation in the soak, ten minutes of it at least', async () => {
    const { violations, seconds } = (await readRecorded('soak')) ?? expect.fail('Nothing was recorded.');

    expect(violations).toBe(0);
    expect(seconds).toBeGreaterThanOrEqual(600);
  });

  test('has nine of ten mutants noticed, and no survivor that nobody has thought about', async () => {
    const recorded = await readRecorded('mutation');
    if (recorded === undefined) {
      console.log('No mutation score was recorded yet, so there is none to judge.');
      return;
    }

    expect(recorded.strictScore).toBeGreaterThanOrEqual(90);
    expect(recorded.survived).toBe(0);
  });
});

test('a run is recorded with its day and its Node.js, in place of the one before', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'figures-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const directory = pathToFileURL(`${folder}/`);
  expect(await readRecorded('fuzz', directory)).toBeUndefined();

  await record('fuzz', { ...fuzz, runs: 1 }, directory);
  await record('fuzz', fuzz, directory);

  const recorded = await readRecorded('fuzz', directory);
  expect(recorded).toEqual({ ...fuzz, date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), node: process.version });
});

describe('a row', () => {
  test('of the fuzzing has the command that makes the same inputs again, and the failures', () => {
    expect(fuzzRow({ ...origin, ...fuzz })).toEqual({
      section: 'Fuzzing',
      result: '1,200 runs of 5 properties on 2 targets, 1 failures',
      measured: '2026-01-31, Node.js 24.1.0, 300 s',
      command: 'npm run fuzz -- --seconds 300 --seed 7',
    });
  });

  test('of the soak tells what went wrong, and what a busy machine spoilt', () => {
    expect(soakRow({ ...origin, ...soak })).toEqual({
      section: 'Soak',
      result:
        '2 violations in 3,000 requests to 2 adapters, 4 restarts; 990 bad ones, 2,000 good: 1,900 accepted, ' +
        '95 refused within a documented window; 3 got 503 because the machine was too busy; p99 20 to 31 ms; ' +
        'heap +1.5 MiB at most',
      measured: '2026-01-31, Node.js 24.1.0, 600 s',
      command: 'npm run soak -- --seconds 600 --seed 1 --rate 60',
    });
  });

  test('of the mutants has both scores', () => {
    expect(mutationRow({ ...origin, ...mutation })).toEqual({
      section: 'Mutation score',
      result: '95.0 %: 950 of 1,000 mutants noticed; 20 silenced with a reason (counted as survivors: 93.1 %)',
      measured: '2026-01-31, Node.js 24.1.0',
      command: 'npm run mutation',
    });
  });

  test('of what was never recorded says so', () => {
    expect(mutationRow(undefined)).toMatchObject({ result: 'not recorded yet', measured: '–' });
  });

  test('of the vectors is not there without their file', () => {
    expect(vectorRows({ wycheproof: [], rfc: [] }).map(({ section }) => section)).toEqual(['RFC examples']);
  });

  test('of a runtime is what the page on runtimes has', () => {
    const rows = ['| One | 1.2.3 | 64/65 |', '| Other | not installed | – |'];
    const runtimes = withTable('<!-- runtimes:begin --><!-- runtimes:end -->', ['| a |', '| - |', ...rows].join('\n'));

    expect(conformanceRows(runtimes)).toMatchObject([
      { of: 'One', result: '64/65 passed', measured: '1.2.3' },
      { of: 'Other', result: 'not known', measured: 'not installed' },
    ]);
  });
});

test('of a run, as much is kept as the row says', () => {
  expect(summaryOfFuzz({ ...fuzz, targets: [{ name: 'a', runs: 5, properties: [property, property] }] })).toEqual({
    ...fuzz,
    targets: [{ name: 'a', runs: 5, properties: 2 }],
  });
  expect(summaryOfSoak({ ...soak, node: 'v24', examples: [], services: [service] }, 30)).toEqual({
    ...soak,
    rate: 30,
    services: [{ name: 'koa', requests: 9, p99Ms: 12.3, heapGrowthBytes: 40, keyRequests: 1, keyRequestLimit: 2 }],
  });
});

const property = { name: 'holds', runs: 1, outcomes: {} };

const service = {
  name: 'koa',
  ...{ requests: 9, good: 4, accepted: 4, excused: 0, stalled: 0, lost: 0, outcomes: {}, restarts: 1 },
  ...{ p50Ms: 1, p99Ms: 12.34, keyRequests: 1, keyRequestLimit: 2 },
  heap: [
    { life: 1, at: 0, bytes: 100 },
    { life: 1, at: 1, bytes: 90 },
    { life: 2, at: 2, bytes: 200 },
    { life: 2, at: 3, bytes: 240 },
  ],
} as const;

const fuzz: FuzzSummary = {
  seconds: 300,
  seed: 7,
  runs: 1200,
  failures: 1,
  targets: [
    { name: 'bearer', properties: 3, runs: 700 },
    { name: 'parser', properties: 2, runs: 500 },
  ],
};

const soak: SoakSummary = {
  ...{ seconds: 600, seed: 1, rate: 60, requests: 3000, good: 2000, accepted: 1900, excused: 95, stalled: 3 },
  ...{ bad: 990, restarts: 4, violations: 2 },
  services: [
    { name: 'express', requests: 1500, p99Ms: 31.2, heapGrowthBytes: -3, keyRequests: 8, keyRequestLimit: 9 },
    { name: 'fetch', requests: 1500, p99Ms: 19.9, heapGrowthBytes: 1.5 * 2 ** 20, keyRequests: 8, keyRequestLimit: 9 },
  ],
};

const mutation: MutationSummary = {
  ...{ mutants: 1020, killed: 900, timedOut: 50, survived: 50, silenced: 20, score: 95, strictScore: 93.137 },
};
