import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { canDraw } from '../charts/draw.ts';
import { entries } from './contestants/registry.ts';
import type { Results } from './measuring/results.ts';
import { readOptions } from './options.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const docs = fileURLToPath(new URL('../../docs/', import.meta.url));

function run(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(process.execPath, [main, ...args]);
}

// Left out where nothing is installed that draws: `npm run tools` does that.
test.skipIf(!canDraw())(
  'npm run bench prints what it has measured of the built packages, and writes data, text and charts',
  async () => {
    const out = await mkdtemp(join(tmpdir(), 'bench-'));
    onTestFinished(() => rm(out, { recursive: true }));
    await cp(join(docs, 'performance.md'), join(out, 'performance.md'));
    await cp(join(docs, 'comparison.md'), join(out, 'comparison.md'));

    const { stdout, stderr } = await run('--tiny', '--only', 'repeated,bundle-size', '--out', out);

    expect(stderr).toBe('repeated …\nbundle-size …\n');
    expect(stdout).toContain(`Node.js ${process.versions.node}`);
    expect(stdout).toMatch(/Compared: .*\bjose 6\./);
    expect(stdout).toMatch(/speed ÷ that of fast-jwt/);

    const { sections }: Results = JSON.parse(await readFile(join(out, 'bench', 'results.json'), 'utf8'));
    expect(sections.map(({ name, scale }) => `${name} ${scale}`)).toEqual(['repeated tiny', 'bundle-size tiny']);
    const [repeated, bundleSize] = sections.flatMap(({ tables }) => tables);
    expect(repeated?.rows.map(({ name }) => name)).toEqual([
      'the string alone',
      'crypto.verify',
      ...entries.map(({ name }) => name),
    ]);
    expect(bundleSize?.rows.length).toBeGreaterThan(1);

    const written = await readFile(join(out, 'performance.md'), 'utf8');
    expect(written).toMatch(/<!-- bench:table-repeated -->\n\| +\| time ÷ crypto\.verify/);
    expect(written).toContain('Measured only for a look (--tiny)');
    expect(await readFile(join(out, 'comparison.md'), 'utf8')).toMatch(/<!-- bench:summary -->\n\| +\| new token, µs/);
    expect(await readFile(join(out, 'images', 'bench-repeated.svg'), 'utf8')).toContain('<svg ');
  },
);

test('a wrong option ends the program with a sentence and the help', async () => {
  await expect(run('--only', 'luck')).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(
      /^--only must be of unique, repeated, .*; there is no "luck"\.\n\nMeasures the built/,
    ),
  });
});

test('options', () => {
  expect(readOptions([])).toMatchObject({ scale: 'full', out: undefined });
  expect(readOptions(['--quick', '--only=http,mix'])).toMatchObject({ scale: 'quick', sections: ['http', 'mix'] });
  expect(readOptions(['--help'])).toBe('help');
  expect(() => readOptions(['--fast'])).toThrow(TypeError);
});
