// npm run mutation: changes the sources of core in a thousand small ways, and tells which changes no test has noticed.
import { Stryker } from '@stryker-mutator/core';
import { runCommand } from '../commands/run-command.ts';
import { record } from '../figures/recorded.ts';
import { countsOf, figuresOf, forgetSurvivors, REPORT_FILE, readReport } from './figures.ts';
import { HELP, type Options, readOptions } from './options.ts';
import { silenced } from './silenced.ts';
import { tables } from './tables.ts';
import { TEST_FILES_VARIABLE } from './test-files.ts';

const ROOT = new URL('../..', import.meta.url).pathname;

async function main({ record: isRecorded, ...options }: Options): Promise<void> {
  const { sources, fresh, again, nearest, concurrency, dryRun, reportOnly } = options;
  // Stryker takes the working directory for the project.
  process.chdir(ROOT);
  if (again) {
    await forgetSurvivors();
  }
  if (!reportOnly) {
    process.env[TEST_FILES_VARIABLE] = String(nearest ?? '');
    await new Stryker({
      mutate: sources.map((source) => `packages/core/src/${source}.ts`),
      // Nothing else is read by the tests.
      ignorePatterns: ['/*', '!/packages', '!/test', 'dist', 'tsconfig.json'],
      plugins: [import.meta.resolve('./nearest-first.ts')],
      testRunner: 'nearest-first',
      vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
      coverageAnalysis: 'perTest',
      incremental: true,
      incrementalFile: REPORT_FILE,
      force: fresh,
      dryRunOnly: dryRun,
      concurrency,
      // A machine that has other work must not make a slow mutant a killed one.
      timeoutMS: 30_000,
      tempDirName: '.stryker-tmp',
      reporters: [process.stdout.isTTY ? 'progress' : 'progress-append-only'],
      warnings: false,
    }).runMutationTest();
  }
  if (!dryRun) {
    const figures = figuresOf(await readReport(), silenced);
    console.log(tables(figures));
    if (isRecorded) {
      await record('mutation', countsOf(figures.mutants));
    }
    const isClean = figures.outdated.length === 0 && countsOf(figures.mutants).survived === 0;
    process.exitCode = isClean ? 0 : 1;
  }
}

await runCommand(HELP, readOptions, main);
