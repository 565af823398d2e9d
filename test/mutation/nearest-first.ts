/*
 * A test runner for Stryker around its own for vitest. It asks one test file after the other, those first that are most
 * likely to notice a mutant, and stops at the first that does: most mutants then cost a fraction of a second.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import {
  commonTokens,
  declareFactoryPlugin,
  type Injector,
  type PluginContext,
  PluginKind,
  tokens,
} from '@stryker-mutator/api/plugin';
import {
  type CompleteDryRunResult,
  type DryRunOptions,
  type DryRunResult,
  DryRunStatus,
  type MutantRunOptions,
  type MutantRunResult,
  MutantRunStatus,
  type TestRunner,
} from '@stryker-mutator/api/test-runner';
import { strykerPlugins as vitestPlugins } from '@stryker-mutator/vitest-runner';
import { reaches, type TestFile, testFileOf } from './reach.ts';
import { TEST_FILES_VARIABLE, testFiles } from './test-files.ts';

export { strykerValidationSchema } from '@stryker-mutator/vitest-runner';

/** In the copy of the repository: what the process of the run without mutants tells those that run the mutants. */
const TEST_FILES = 'test-files.json';

function nearestFirst(vitest: TestRunner): TestRunner {
  const limit = Number(process.env[TEST_FILES_VARIABLE]) || Number.POSITIVE_INFINITY;
  let files: readonly TestFile[] | undefined;
  /** How many mutants a test file has noticed, by source and test file. */
  const noticed = new Map<string, number>();

  async function dryRun(options: DryRunOptions): Promise<DryRunResult> {
    const told: TestFile[] = [];
    const results: CompleteDryRunResult[] = [];
    for (const path of testFiles()) {
      const startedAt = performance.now();
      const result = await vitest.dryRun({ ...options, testFiles: [path] });
      if (result.status !== DryRunStatus.Complete) {
        return result;
      }
      told.push(testFileOf(path, performance.now() - startedAt, result));
      results.push(result);
    }
    writeFileSync(TEST_FILES, JSON.stringify(told));
    return sumOf(results);
  }

  async function mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const { activeMutant, sandboxFileName: source } = options;
    let nrOfTests = 0;
    for (const file of inOrder(activeMutant.id, source).slice(0, limit)) {
      const isStatic = file.whileLoading.includes(activeMutant.id);
      const result = await vitest.mutantRun({
        ...options,
        mutantActivation: isStatic ? 'static' : 'runtime',
        testFilter: [...(isStatic ? file.tests : (file.inTests[activeMutant.id] ?? []))],
      });
      nrOfTests += 'nrOfTests' in result ? result.nrOfTests : 0;
      if (result.status !== MutantRunStatus.Survived) {
        noticed.set(`${source} ${file.path}`, timesNoticed(source, file) + 1);
        return result.status === MutantRunStatus.Error
          ? killedWhileLoading(file, result.errorMessage, nrOfTests)
          : result;
      }
    }
    return { status: MutantRunStatus.Survived, nrOfTests };
  }

  /** First the test file that has noticed most mutants of this source, then its namesake, then the quick ones. */
  function inOrder(mutant: string, source: string): TestFile[] {
    files ??= JSON.parse(readFileSync(TEST_FILES, 'utf8')) as TestFile[];
    const neighbours = mutantsIn(source);
    return files
      .filter((file) => reaches(file, mutant, neighbours))
      .toSorted(
        (one, other) =>
          timesNoticed(source, other) - timesNoticed(source, one) ||
          Number(isNamesake(source, other)) - Number(isNamesake(source, one)) ||
          one.milliseconds - other.milliseconds,
      );
  }

  function timesNoticed(source: string, { path }: TestFile): number {
    return noticed.get(`${source} ${path}`) ?? 0;
  }

  return {
    capabilities: () => vitest.capabilities(),
    init: async () => vitest.init?.(),
    dryRun,
    mutantRun,
    dispose: async () => vitest.dispose?.(),
  };
}

function sumOf(results: readonly CompleteDryRunResult[]): CompleteDryRunResult {
  const inLoading: Record<string, number> = {};
  for (const { mutantCoverage } of results) {
    for (const [mutant, hits] of Object.entries(mutantCoverage?.static ?? {})) {
      inLoading[mutant] = (inLoading[mutant] ?? 0) + hits;
    }
  }
  return {
    status: DryRunStatus.Complete,
    tests: results.flatMap(({ tests }) => tests),
    mutantCoverage: {
      static: inLoading,
      perTest: Object.assign({}, ...results.map(({ mutantCoverage }) => mutantCoverage?.perTest)),
    },
  };
}

/** Stryker would leave such a mutant out. Yet a test file that cannot be loaded fails as much as one of its tests. */
function killedWhileLoading({ tests }: TestFile, failureMessage: string, nrOfTests: number): MutantRunResult {
  return { status: MutantRunStatus.Killed, killedBy: tests.slice(0, 1), failureMessage, nrOfTests };
}

/** The ids of all mutants that Stryker has written into a source. */
function mutantsIn(source: string): string[] {
  return [...readFileSync(source, 'utf8').matchAll(/\bstryMutAct_\w+\("(\d+)"\)/g)].map(([, id]) => `${id}`);
}

function isNamesake(source: string, { path }: TestFile): boolean {
  return basename(path, '.test.ts') === basename(source, '.ts');
}

createRunner.inject = tokens(commonTokens.injector);
function createRunner(injector: Injector<PluginContext>): TestRunner {
  const [plugin] = vitestPlugins;
  if (plugin === undefined) {
    throw new Error('The runner for vitest is not where it was.');
  }
  return nearestFirst(plugin.factory(injector));
}

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, 'nearest-first', createRunner)];
