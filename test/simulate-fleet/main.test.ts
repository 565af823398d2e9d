import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { canDraw } from '../charts/draw.ts';
import { readOptions } from './options.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));

function run(...args: string[]): Promise<{ stdout: string }> {
  return promisify(execFile)(process.execPath, [main, ...args]);
}

// Left out where nothing is installed that draws: `npm run tools` does that.
test.skipIf(!canDraw())('npm run simulate:fleet prints a table for each outage and writes a chart', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'fleet-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const out = join(directory, 'new', 'fleet.svg');

  const { stdout } = await run('--isolates', '20', '--hours', '6', '--out', out);

  const rows = stdout.split('\n').filter((line) => /^ {2}(jose|id-token-guard)/.test(line));
  expect(rows).toHaveLength(6);
  for (const table of [rows.slice(0, 3), rows.slice(3)]) {
    expect(new Set(table.map((row) => row.length)).size).toBe(1);
  }
  expect(stdout).not.toContain('\x1b');
  const svg = await readFile(out, 'utf8');
  expect(svg.slice(0, 200)).toMatch(
    /^<svg role="img" aria-label="A fleet of 20 short-lived isolates[^"]*" xmlns="http:/,
  );
  expect(svg.includes('prefers-color-scheme: dark')).toBe(true);
  expect(svg.match(/class="mark-line/g)).toHaveLength(12);
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
});

test('a wrong option ends the program with a sentence and the help', async () => {
  await expect(run('--isolates', 'many')).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^--isolates must be a whole number, 1 or more\.\n\nLets a fleet/),
  });
});

test.each([
  ['--isolates=0', '--isolates must be a whole number, 1 or more.'],
  ['--isolates=1e3', '--isolates must be a whole number, 1 or more.'],
  ['--hours=5', '--hours must be a whole number, 6 or more.'],
  ['--hours=7.5', '--hours must be a whole number, 6 or more.'],
  ['--seed=-1', '--seed must be a whole number, 0 or more.'],
])('%s is refused: %s', (argument, message) => {
  expect(() => readOptions([argument])).toThrow(new TypeError(message));
});

test('an unknown option is refused', () => {
  expect(() => readOptions(['--day=2'])).toThrow(/Unknown option '--day'/);
});
