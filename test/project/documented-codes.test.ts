/*
 * Whoever gets a refusal looks its code up: each is explained wherever somebody would look.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { REFUSALS } from '../../packages/core/src/errors.ts';

const rows = Object.entries(REFUSALS).map(([code, { status }]) => `\`${code}\` | ${status}`);

test.each(['README.md', 'README.ko.md', 'packages/core/src/errors.ts'])(
  'the table in %s has a row for each code, with its status',
  (path) => {
    const found = textOf(path).matchAll(/^(?: \* )?\| (`[a-z_]+` \| \d{3}) \|/gm);

    expect(Array.from(found, ([, row]) => row)).toEqual(rows);
  },
);

test('docs/refused.md has a section for each code, which says its status', () => {
  const sections = textOf('docs/refused.md').matchAll(/^## (`[a-z_]+`)\n\n.*?\b(\d{3})\b/gm);

  expect(Array.from(sections, ([, code, status]) => `${code} | ${status}`)).toEqual(rows);
});

function textOf(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}
