/*
 * Seconds of the soak, to see that it works: that a good service passes, and that it finds a broken one.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { readOptions } from './options.ts';
import type { SoakReport } from './report.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));

/** A restart waits for what is under way, and Google recovers only after it: on a busy machine that takes its time. */
const PATIENCE_MS = 120_000;

function run(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(process.execPath, [main, ...args]);
}

test.concurrent('guarded services stand six seconds of it, restarts and outage included', {
  timeout: PATIENCE_MS,
}, async () => {
  const { stdout, stderr } = await run('--seconds=6', '--rate=20', '--services=express,fetch', '--json');
  const report = JSON.parse(stdout) as SoakReport;

  expect(report.examples).toEqual([]);
  expect(report.violations).toBe(0);
  expect(report.restarts).toBe(2);
  expect(report.accepted).toBeGreaterThan(10);
  expect(report.bad).toBeGreaterThan(10);
  for (const { heap, keyRequests, p99Ms } of report.services) {
    expect(heap).toHaveLength(5);
    expect(keyRequests).toBeGreaterThan(0);
    expect(p99Ms).toBeGreaterThan(0);
  }
  expect(stderr).toContain('0/6 s');
});

test.concurrent('a service without guard is found out, and ends the program with 1', {
  timeout: PATIENCE_MS,
}, async () => {
  const failure: { code?: number; stdout?: string } = await run(
    '--seconds=6',
    '--rate=20',
    '--services=unguarded',
  ).then(
    () => ({}),
    (error: object) => error,
  );

  expect(failure.code).toBe(1);
  expect(failure.stdout).toContain('unguarded: The handler ran for a bad request (');
  expect(failure.stdout).toMatch(/unguarded: forged: accepted in place of /);
  expect(failure.stdout).toMatch(/^ {2}service +requests/m);
  expect(failure.stdout).not.toContain('Violations: 0.');
});

test.each([
  ['--seconds=5', '--seconds must be a whole number, 6 or more.'],
  ['--seconds=1e3', '--seconds must be a whole number, 6 or more.'],
  ['--seed=-1', '--seed must be a whole number, 0 or more.'],
  ['--rate=0', '--rate must be a whole number, 1 or more.'],
])('%s is refused: %s', (argument, message) => {
  expect(() => readOptions([argument])).toThrow(new TypeError(message));
});

test('a service that does not exist is refused', () => {
  expect(() => readOptions(['--services=express,flask'])).toThrow(/^--services must be of express, koa, /);
});

test('only a result of all adapters is recorded', () => {
  expect(readOptions(['--record'])).toMatchObject({ record: true });
  expect(() => readOptions(['--record', '--services=express'])).toThrow(/^--record is for all adapters/);
});

test('ten minutes and all adapters, unless told otherwise', () => {
  expect(readOptions([])).toEqual({
    seconds: 600,
    seed: 1,
    rate: 60,
    services: ['express', 'koa', 'hono', 'fastify', 'fetch', 'node'],
    json: false,
    record: false,
  });
});
