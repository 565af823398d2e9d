import { type Counts, countsOf, type MutationFigures } from './figures.ts';

/** The figures for people: every mutant that survived, then a line for each source. */
export function tables({ mutants, outdated }: MutationFigures): string {
  const survivors = mutants
    .filter(({ status }) => status === 'survived')
    .map(
      ({ source, lineNumber, line, mutator, code, becomes }) =>
        `${source}.ts:${lineNumber}  ${mutator}\n    ${line}\n  - ${code}\n  + ${becomes}\n`,
    );
  const stale = outdated.map((entry) => `Strike out of silenced.ts: ${entry.join('  ')}`);
  const sources = [...new Set(mutants.map(({ source }) => source))].toSorted();
  const rows = sources.map((name) => row(name, countsOf(mutants.filter(({ source }) => source === name))));
  return [...survivors, ...stale, HEAD, ...rows, row('all', countsOf(mutants))].join('\n');
}

const HEAD = row('source', {
  mutants: 'mutants',
  killed: 'killed',
  timedOut: 'timed out',
  silenced: 'silenced',
  survived: 'survived',
  score: 'score',
});

function row(
  source: string,
  counts: { readonly [name in keyof Omit<Counts, 'strictScore'>]: string | number },
): string {
  const { mutants, killed, timedOut, silenced, survived, score } = counts;
  const cells = [mutants, killed, timedOut, silenced, survived, typeof score === 'number' ? score.toFixed(1) : score];
  return source.padEnd(28) + cells.map((cell) => String(cell).padStart(10)).join('');
}
