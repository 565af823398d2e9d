/*
 * What the runs of the mutants have shown, for whoever prints or cites it.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Silenced, SilencedMutant } from './silenced.ts';

/** Written by Stryker, and read by it to spare mutants that it knows. Not kept in the repository. */
export const REPORT_FILE: string = fileURLToPath(new URL('report/mutants.json', import.meta.url));

/** What is used of the report; the schema is that of mutation-testing-report-schema. */
export interface Report {
  readonly files: Readonly<Record<string, ReportedFile>>;
}

interface ReportedFile {
  readonly source: string;
  readonly mutants: readonly {
    readonly status: string;
    readonly mutatorName: string;
    readonly replacement?: string;
    /** Lines and columns, counted from 1. */
    readonly location: { readonly start: Position; readonly end: Position };
  }[];
}

interface Position {
  readonly line: number;
  readonly column: number;
}

/** A change of a source, as a person looks it up. */
export interface Mutant {
  /** From packages/core/src on, without extension, such as `keys/backoff`. */
  readonly source: string;
  readonly lineNumber: number;
  readonly line: string;
  readonly mutator: string;
  /** What is replaced: of the line, or from there on. */
  readonly code: string;
  readonly becomes: string;
  /** `silenced`: no test has noticed it, and a reason is written down why none needs to. */
  readonly status: 'killed' | 'timed out' | 'survived' | 'silenced';
}

export interface MutationFigures {
  readonly mutants: readonly Mutant[];
  /** Silenced mutants that a test has noticed after all, or that are no more. */
  readonly outdated: readonly SilencedMutant[];
}

export async function readReport(): Promise<Report> {
  return JSON.parse(await readFile(REPORT_FILE, 'utf8'));
}

/** Lets the next run test them again: Stryker takes a survivor for known as long as there is no new test. */
export async function forgetSurvivors(): Promise<void> {
  const report = await readReport();
  for (const file of Object.values(report.files) as { mutants: ReportedFile['mutants'] }[]) {
    file.mutants = file.mutants.filter(({ status }) => status !== 'Survived');
  }
  await writeFile(REPORT_FILE, JSON.stringify(report));
}

export function figuresOf({ files }: Report, silenced: readonly Silenced[]): MutationFigures {
  const entries = silenced.flatMap(({ mutants }) => mutants);
  const all = Object.entries(files).flatMap(([path, file]) => mutantsOf(path, file));
  const survived = all.filter(({ status }) => status === 'survived');
  const sources = new Set(all.map(({ source }) => source));
  return {
    mutants: all.map((mutant) =>
      mutant.status === 'survived' && entries.some((entry) => isOf(mutant, entry))
        ? { ...mutant, status: 'silenced' }
        : mutant,
    ),
    outdated: entries.filter((entry) => sources.has(entry[0]) && !survived.some((mutant) => isOf(mutant, entry))),
  };
}

/** Counts of all mutants, or of those of one source. */
export interface Counts {
  readonly mutants: number;
  readonly killed: number;
  readonly timedOut: number;
  readonly survived: number;
  readonly silenced: number;
  /** Of a hundred that are not silenced: how many were noticed by a test that failed, or that did not end in time. */
  readonly score: number;
  /** The same of all, the silenced ones too. */
  readonly strictScore: number;
}

export function countsOf(mutants: readonly Mutant[]): Counts {
  const count = (status: Mutant['status']) => mutants.filter((mutant) => mutant.status === status).length;
  const [killed, timedOut, silenced] = [count('killed'), count('timed out'), count('silenced')];
  const share = (of: number) => (of === 0 ? 100 : (100 * (killed + timedOut)) / of);
  return {
    mutants: mutants.length,
    killed,
    timedOut,
    survived: count('survived'),
    silenced,
    score: share(mutants.length - silenced),
    strictScore: share(mutants.length),
  };
}

/** With these the test runner itself broke down, so that nobody knows: Stryker does not count them either. */
const INVALID = ['RuntimeError', 'CompileError'];

const STATUS: Readonly<Record<string, Mutant['status']>> = {
  Killed: 'killed',
  Timeout: 'timed out',
  Survived: 'survived',
  NoCoverage: 'survived',
};

function mutantsOf(path: string, { source, mutants }: ReportedFile): Mutant[] {
  const lines = source.split('\n');
  const valid = mutants.filter(({ status }) => !INVALID.includes(status));
  return valid.map(({ status, mutatorName, replacement = '', location: { start, end } }) => {
    const known = STATUS[status];
    if (known === undefined) {
      throw new Error(`A mutant of ${path} has the status ${status}.`);
    }
    return {
      source: path.replace(/^packages\/core\/src\/|\.ts$/g, ''),
      lineNumber: start.line,
      line: `${lines[start.line - 1]}`.trim(),
      mutator: mutatorName,
      code: oneLine(between(lines, start, end)),
      becomes: oneLine(replacement),
      status: known,
    };
  });
}

function between(lines: readonly string[], start: Position, end: Position): string {
  const code = lines.slice(start.line - 1, end.line);
  code.push(`${code.pop()}`.slice(0, end.column - 1));
  code.unshift(`${code.shift()}`.slice(start.column - 1));
  return code.join('\n');
}

function oneLine(code: string): string {
  return code.replace(/\s+/g, ' ');
}

function isOf(mutant: Mutant, [source, line, code, becomes]: SilencedMutant): boolean {
  return mutant.source === source && mutant.line === line && mutant.code === code && mutant.becomes === becomes;
}
