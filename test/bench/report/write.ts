/*
 * Puts results into a folder of documentation: as data, into the text between markers, and as charts.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { draw } from '../../charts/draw.ts';
import type { Results } from '../measuring/results.ts';
import { barChart } from './bar-chart.ts';
import { describeEnvironment } from './environment.ts';
import { circumstances, tableText, withPart } from './markdown.ts';
import { summaryOf } from './summary.ts';
import { targets } from './targets.ts';
import { judge, verdictTable } from './verdicts.ts';

/** @throws Error where earlier results in the folder are of another environment, and `results` has not all sections */
export async function writeReport(folder: string, results: Results, sectionNames: readonly string[]): Promise<void> {
  const all = await withEarlier(join(folder, 'bench', 'results.json'), results, sectionNames);
  await writeInto(folder, 'bench/results.json', `${JSON.stringify(all, null, 2)}\n`);
  for (const { tables } of all.sections) {
    for (const table of tables) {
      if (table.chart !== undefined) {
        const svg = await draw(table.chart.title, barChart(table, table.chart));
        await writeInto(folder, `images/bench-${table.id}.svg`, svg);
      }
    }
  }
  await rewrite(join(folder, 'performance.md'), (page) => withResults(page, all));
  await rewrite(join(folder, 'comparison.md'), (page) => withSummary(page, all));
}

/** @throws Error where the page has no place for one of them */
export function withResults(page: string, results: Results): string {
  let text = withPart(page, 'environment', describeEnvironment(results.environment));
  text = withPart(text, 'targets', verdictTable(judge(targets, results)));
  for (const section of results.sections) {
    text = withPart(text, section.name, circumstances(section));
    for (const table of section.tables) {
      text = withPart(text, `table-${table.id}`, tableText(table));
    }
  }
  return text;
}

/** @throws Error where the page has no place for it */
export function withSummary(page: string, results: Results): string {
  return withPart(page, 'summary', tableText(summaryOf(results)));
}

/** Sections that were not measured this time stay as they are. */
async function withEarlier(path: string, results: Results, sectionNames: readonly string[]): Promise<Results> {
  const measured = new Map(results.sections.map((section) => [section.name, section]));
  if (sectionNames.every((name) => measured.has(name))) {
    return results;
  }
  const earlier = await readResults(path);
  if (earlier === undefined) {
    return results;
  }
  if (JSON.stringify(earlier.environment) !== JSON.stringify(results.environment)) {
    throw new Error(`The results in ${path} are of another environment: measure all sections, without --only.`);
  }
  const sections = sectionNames.flatMap(
    (name) => measured.get(name) ?? earlier.sections.find((section) => section.name === name) ?? [],
  );
  return { ...results, sections };
}

async function readResults(path: string): Promise<Results | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
}

async function rewrite(path: string, change: (page: string) => string): Promise<void> {
  await writeFile(path, change(await readFile(path, 'utf8')));
}

async function writeInto(folder: string, path: string, content: string): Promise<void> {
  const file = join(folder, path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, content);
}
