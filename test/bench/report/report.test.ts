import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { COLOURS, canDraw, draw } from '../../charts/draw.ts';
import { OURS } from '../contestants/registry.ts';
import type { Results, Table } from '../measuring/results.ts';
import { sectionNames } from '../sections/sections.ts';
import { barChart } from './bar-chart.ts';
import { markdownTable, tableText, withPart } from './markdown.ts';
import { targets } from './targets.ts';
import { judge, verdictTable } from './verdicts.ts';
import { withResults, withSummary } from './write.ts';

const docs = new URL('../../../docs/', import.meta.url);
const environment: Results['environment'] = {
  node: '24.0.0',
  v8: '13',
  openssl: '3',
  platform: 'Linux',
  processor: 'any',
  processors: 2,
  memoryGiB: 8,
  versions: {},
};

function resultsOf(...tables: Table[]): Results {
  const section = { name: 'unique', scale: 'full', date: '2026-01-01', load: 0, seconds: 1, tables } as const;
  return { environment, sections: [section] };
}

function tableOf(id: string, rows: Record<string, Record<string, number>>): Table {
  return {
    id,
    title: id,
    columns: [],
    rows: Object.entries(rows).map(([name, values]) => ({ name, values })),
  };
}

describe('targets', () => {
  test('a met one says yes, one that is not met says no, and one that was not measured neither', () => {
    const results = resultsOf(tableOf('unique-one', { [OURS]: { ratio: 1.6, cpuRatio: 1.4 } }));

    const verdicts = judge(targets, results);
    const text = verdictTable(verdicts);

    expect(text).toMatch(/one at a time.*≤ 1\.5 \| +1\.60 \| +\*\*no\*\* \| +1\.40 \|/);
    expect(verdicts.filter(({ met }) => met !== undefined)).toHaveLength(1);
    expect(text).toMatch(/forged.*not measured \| +– \|/);
    expect(verdictTable(judge(targets, resultsOf(tableOf('unique-one', { [OURS]: { ratio: 1.5 } }))))).toMatch(
      /one at a time.*1\.50 \| +yes \|/,
    );
  });

  test('the best peer is neither ours nor a yardstick', () => {
    const results = resultsOf(
      tableOf('unique-64', {
        'crypto.verify': { throughputOfOurs: 5, cpuOfOurs: 0.1 },
        [OURS]: { throughputOfOurs: 1, cpuOfOurs: 1 },
        jose: { throughputOfOurs: 0.8, cpuOfOurs: 2 },
        'google-auth-library': { throughputOfOurs: 0.4, cpuOfOurs: 1 },
      }),
      tableOf('http-koa', { 'no guard': { ratio: 1 }, [OURS]: { ratio: 0.9 }, 'koa-jwt': { ratio: 0.6 } }),
    );

    const measured = judge(targets, results).filter(({ measured: value }) => value !== undefined);

    expect(measured.map(({ target: { name }, measured: value, met }) => [name, value?.toFixed(2), met])).toEqual([
      ['unique tokens, 64 in flight: throughput ÷ that of the best peer', '1.25', true],
      ['unique tokens, 64 in flight: CPU ÷ that of the best peer', '0.50', true],
      ['HTTP, Koa: throughput ÷ without a guard', '0.90', false],
      ['HTTP, Koa: that ÷ the same of the best peer', '1.50', true],
    ]);
  });

  test('fewer than a million tokens are not a million', () => {
    const verdicts = (tokens: number) =>
      judge(targets, resultsOf(tableOf('memory', { [OURS]: { tokens, used: 1, resident: 40 } }))).map(({ met }) => met);

    expect(verdicts(20_000).every((met) => met === undefined)).toBe(true);
    expect(verdicts(1_000_000).filter((met) => met !== undefined)).toEqual([true, false]);
  });
});

test('a table can be read as text, and what is missing is a dash', () => {
  const table: Table = {
    id: 'any',
    title: 'Any',
    columns: [{ key: 'a', heading: 'A', digits: 1 }],
    rows: [
      { name: 'one|two', values: { a: 1234.56 } },
      { name: 'none', values: { a: null } },
      { name: 'word', values: { a: 'refused' } },
    ],
    remarks: ['A remark.'],
  };

  expect(tableText(table)).toBe(
    [
      '|          |       A |',
      '| -------- | ------: |',
      '| one\\|two | 1,234.6 |',
      '| none     |       – |',
      '| word     | refused |',
      '',
      'A remark.',
    ].join('\n'),
  );
  expect(markdownTable(['a'], [])).toBe('| a   |\n| --- |');
});

test('a text goes between its markers and nowhere else', () => {
  const page = 'a\n<!-- bench:x -->\nold\n<!-- /bench:x -->\nb';

  expect(withPart(page, 'x', 'new')).toBe('a\n<!-- bench:x -->\nnew\n<!-- /bench:x -->\nb');
  expect(() => withPart(page, 'y', 'new')).toThrow('<!-- bench:y -->');
});

describe('a chart', () => {
  const rows = { 'a < b': { time: 10 }, [OURS]: { time: 0.5 }, none: {} };
  const title = 'Time & space';
  const specification = barChart(tableOf('any', rows), { column: 'time', title });

  test('has a bar for each value, to three digits', () => {
    expect(specification['data']).toEqual({
      values: [
        { name: 'a < b', value: 10, label: '10' },
        { name: OURS, value: 0.5, label: '0.5' },
      ],
    });
  });

  test.skipIf(!canDraw())('is drawn with ours in its own colour, readable in light and dark', async () => {
    const svg = await draw(title, specification);

    expect(svg).toMatch(/^<svg role="img" aria-label="Time &amp; space" xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    const bars = svg.slice(svg.indexOf('mark-rect'), svg.indexOf('mark-text', svg.indexOf('mark-rect')));
    expect(bars.match(/fill="#\w+"/g)).toEqual([`fill="${COLOURS.other}"`, `fill="${COLOURS.ours}"`]);
    expect(svg).toContain('>a &lt; b</text>');
    expect(svg).toMatch(new RegExp(`font-weight="bold"[^>]*>${OURS}</text>`));
    expect(svg).toContain('@media (prefers-color-scheme: dark)');
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('docs/performance.md', async () => {
  const page = await readFile(new URL('performance.md', docs), 'utf8');
  const results: Results = JSON.parse(await readFile(new URL('bench/results.json', docs), 'utf8'));

  test('has all sections, and says what the data say', () => {
    expect(results.sections.map(({ name }) => name)).toEqual(sectionNames);
    expect(withResults(page, results)).toBe(page);
  });

  test('and the comparison has the figures of the same run', async () => {
    const comparison = await readFile(new URL('comparison.md', docs), 'utf8');

    expect(withSummary(comparison, results)).toBe(comparison);
    expect(comparison).toMatch(/\| id-token-guard +\| +\d+ \| +\d+\.\d \|/);
  });

  test('shows charts of these data', async () => {
    const charts = results.sections.flatMap(({ tables }) => tables.filter(({ chart }) => chart !== undefined));

    expect(charts.length).toBeGreaterThan(10);
    for (const table of charts) {
      expect(page).toContain(`(images/bench-${table.id}.svg)`);
      const svg = await readFile(new URL(`images/bench-${table.id}.svg`, docs), 'utf8');
      const chart = table.chart ?? expect.fail('It has one.');
      const specification = barChart(table, chart);
      const { values } = specification['data'] as { values: { name: string; label: string }[] };
      const texts = [...svg.matchAll(/>([^<>]+)<\/text>/g)].map(([, text]) => text);
      expect(texts.toSorted(), table.id).toEqual(
        [chart.title, ...values.flatMap(({ name, label }) => [name, label])].toSorted(),
      );
      if (canDraw()) {
        expect(svg, table.id).toBe(await draw(chart.title, specification));
      }
    }
    const shown = [...page.matchAll(/\]\((images\/[^)]+)\)/g)].map(([, path]) => `${path}`);
    expect(shown.filter((path) => !existsSync(new URL(path, docs)))).toEqual([]);
  });
});
