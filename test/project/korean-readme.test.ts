/*
 * The Korean README is kept beside the English one: the same code, the same tables, the same places to go.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const [english, korean] = ['README.md', 'README.ko.md'].map((name) =>
  readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'),
) as [string, string];

test('has the same programs, answers and commands', () => {
  expect(codeOf(korean)).toEqual(codeOf(english));
});

test('has the same sections and tables, row by row', () => {
  expect(korean.match(/^## /gm)).toHaveLength(english.match(/^## /gm)?.length ?? 0);
  expect(firstCellsOf(korean)).toEqual(firstCellsOf(english));
});

test('leads to the same places', () => {
  const missing = linksOf(english).filter((link) => !linksOf(korean).includes(link));

  expect(missing.filter((link) => link !== 'README.ko.md' && !link.endsWith('.svg') && link !== 'examples')).toEqual(
    [],
  );
});

/** Comments are translated. */
function codeOf(text: string): string[] {
  return [...text.matchAll(/^```\w+\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code.replace(/ +# .*$/gm, ''));
}

/** The names in code that begin the rows: packages, rules, codes. */
function firstCellsOf(text: string): string[] {
  return [...text.matchAll(/^\| (\[?`.*?`.*?) \|/gm)].map(([, cell = '']) => cell.replace(/'[^']*이유'|'why not'/, ''));
}

function linksOf(text: string): string[] {
  return [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link);
}
