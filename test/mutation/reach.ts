import type { CompleteDryRunResult } from '@stryker-mutator/api/test-runner';

/** What a run without mutants tells of a test file. Plain JSON. */
export interface TestFile {
  readonly path: string;
  readonly milliseconds: number;
  /** The ids of its tests. */
  readonly tests: readonly string[];
  /** The ids of the mutants whose code ran while the file was loaded. */
  readonly whileLoading: readonly string[];
  /** The ids of the mutants whose code ran in tests, with the ids of these tests. */
  readonly inTests: Readonly<Record<string, readonly string[]>>;
}

export function testFileOf(
  path: string,
  milliseconds: number,
  { tests, mutantCoverage }: CompleteDryRunResult,
): TestFile {
  const inTests: Record<string, string[]> = {};
  for (const [test, hits] of Object.entries(mutantCoverage?.perTest ?? {})) {
    for (const mutant of Object.keys(hits)) {
      inTests[mutant] ??= [];
      inTests[mutant].push(test);
    }
  }
  return {
    path,
    milliseconds,
    tests: tests.map(({ id }) => id),
    whileLoading: Object.keys(mutantCoverage?.static ?? {}),
    inTests,
  };
}

/**
 * Whether a test file may notice a mutant. Constants of a module are computed while any file is loaded: there it counts
 * whether the tests of the file run anything else of the same source, `neighbours`.
 */
export function reaches(file: TestFile, mutant: string, neighbours: readonly string[]): boolean {
  return (
    Object.hasOwn(file.inTests, mutant) ||
    (file.whileLoading.includes(mutant) && neighbours.some((id) => Object.hasOwn(file.inTests, id)))
  );
}
