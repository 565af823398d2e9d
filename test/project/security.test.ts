/*
 * SECURITY.md names a test for each promise. The test must be there.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const text = readFileSync(join(ROOT, 'SECURITY.md'), 'utf8');

/** `path` › some words of its title, or of the data that it runs on. */
const references = [...text.matchAll(/`((?:test|examples)\/[^`]+)` › ([^|;\n]+)/g)].map(
  ([, path = '', words = '']) => ({
    path,
    words: words.trim(),
  }),
);

test('every row of the tables of guarantees and rules names a test', () => {
  const tables = text.slice(text.indexOf('## What is guaranteed'), text.indexOf('## Known advisories'));
  const rows = tables.split('\n').filter((line) => /^\| (?!---|guarantee |section |step |rule )/.test(line));

  expect(rows.length).toBeGreaterThan(35);
  expect(rows.filter((row) => !row.includes('` › '))).toEqual([]);
});

describe('SECURITY.md names what is there:', () => {
  test.each(references)('$path › $words', ({ path, words }) => {
    expect(existsSync(join(ROOT, path)), `${path} does not exist.`).toBe(true);
    expect(readFileSync(join(ROOT, path), 'utf8')).toContain(words);
  });
});
