import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuzz } from './fuzz.ts';
import { readOptions } from './options.ts';
import { createProgress } from './progress.ts';
import { table } from './table.ts';
import type { Target } from './target.ts';
import { targets } from './targets.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));

/** Fails for numbers above a limit. */
const limited: Target = {
  name: 'numbers',
  subject: 1000,
  properties: [
    {
      name: 'are small',
      values: fc.nat(),
      check(limit, value) {
        if (Number(value) > Number(limit)) {
          throw new Error('The number is large.');
        }
        return 'small';
      },
      outcomes: ['small'],
      broken: { 'has no limit': 0 },
    },
  ],
};

test('npm run fuzz prints its figures as JSON and its progress as lines', async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    main,
    '--runs=150',
    '--only=bearer',
    '--json',
  ]);

  const figures = JSON.parse(stdout);
  expect(figures).toMatchObject({ runs: 450, failures: 0, targets: [{ name: 'bearer', runs: 450 }] });
  expect(figures.targets[0].properties[0].outcomes).toHaveProperty('token_missing');
  expect(stderr).toMatch(/^\d0 %: .* runs, 0 failures\n(.*\n)*100 %: 450 runs, 0 failures\n$/);
});

test('a failure comes with the smallest value, and with what makes it again', async () => {
  const figures = await fuzz({ targets: [limited], seed: 5, runs: 1000 });

  expect(figures).toMatchObject({ failures: 1, targets: [{ properties: [{ failure: { value: '1001' } }] }] });
  const { seed = 0, path = '' } = figures.targets[0]?.properties[0]?.failure ?? {};
  const again = await fuzz({ targets: [limited], seed, path, runs: 1 });
  expect(again.targets[0]?.properties[0]?.failure).toMatchObject({ value: '1001', path });
  expect(table(figures)).toContain(`npm run fuzz -- --only 'numbers: are small' --seed ${seed} --path ${path}`);
  expect(table(figures)).toMatch(/^numbers {4}1 property .* seed 5 {2}1 FAILED\n/);
});

test('the same seed makes the same values', async () => {
  const seen: unknown[] = [];
  const recording = (all: unknown[]): Target => ({
    ...limited,
    properties: limited.properties.map((property) => ({ ...property, check: (_, value) => `${all.push(value)}` })),
  });
  const others: unknown[] = [];
  await fuzz({ targets: [recording(seen)], seed: 9, runs: 250 });
  await fuzz({ targets: [recording(others)], seed: 9, runs: 250 });

  expect(seen).toHaveLength(250);
  expect(others).toEqual(seen);
});

test('on a terminal there is a bar, which is gone in the end', () => {
  const written: string[] = [];
  const show = createProgress({ isTTY: true, write: (text: string) => written.push(text) } as never);

  show({ share: 0.5, runs: 1234, failures: 0, target: 'parser' });
  show({ share: 1, runs: 2468, failures: 0, target: '' });

  expect(written.join('')).toMatch(/█.*░.* 50 % {2}1,234 runs, 0 failures {2}parser/);
  expect(written.at(-1)).toBe('\r\x1b[K');
});

test('a property can be named alone', () => {
  const { targets: chosen } = Object(readOptions(['--only', 'parser: accepts one spelling of a token only']));

  expect(chosen).toMatchObject([{ name: 'parser', properties: [{ name: 'accepts one spelling of a token only' }] }]);
});

test.each(['--only=parser', '--runs=1', '--path=1'])('a result is not recorded with %s', (argument) => {
  expect(readOptions(['--record'])).toMatchObject({ record: true });
  expect(() => readOptions(['--record', argument])).toThrow(/^--record is for all targets and a time/);
});

test('two minutes of everything are the default', () => {
  expect(readOptions([])).toMatchObject({ seconds: 120, runs: undefined, targets });
});

test.each([
  ['--seconds=0', '--seconds must be a whole number, 1 or more, of at most nine digits.'],
  ['--runs=1e3', '--runs must be a whole number, 1 or more, of at most nine digits.'],
  ['--seed=-1', '--seed must be a whole number, 0 or more, of at most nine digits.'],
  ['--only=nothing', '--only must be a target, or a property as "target: property".'],
  ['--path=1:2', '--path is the path of one value: say with --only "target: property" which property it is for.'],
])('%s is refused: %s', (argument, message) => {
  expect(() => readOptions([argument])).toThrow(new TypeError(message));
});
