/*
 * Figures that are counted or computed on the spot, and those that a page has already.
 */
import type { HostileFigures } from '../core/hostile/figures.ts';
import type { VectorFigures } from '../core/vectors/figures.ts';
import { tableIn } from '../runtimes/table.ts';
import { type Figure, NOW, whole } from './figure.ts';

export function hostileRow({ inputs, families, sources, accepted }: HostileFigures): Figure {
  return {
    section: 'Hostile inputs',
    result:
      `${whole(inputs)} inputs in ${Object.keys(families).length} families, from ${sources} sources; ` +
      `${accepted} that are odd, and good`,
    measured: NOW,
    command: 'npm run unit -- test/core/hostile',
  };
}

const VECTORS = { measured: NOW, command: 'npm run unit -- test/core/vectors' };

/** No row of Wycheproof where its file is not there. */
export function vectorRows({ wycheproof, rfc }: VectorFigures): Figure[] {
  const accepted = rfc.filter(({ outcome }) => outcome === 'accepted').length;
  const sources = [...new Set(rfc.map(({ source }) => source))].join(' and ');
  return [
    ...wycheproof.map(({ signatureStep, rows, leftOut, asLabelled, refusedForTheirAlgorithm }) => ({
      section: 'Wycheproof',
      of: signatureStep,
      result:
        `${asLabelled} of ${rows - leftOut} as they must be where RS256 alone is taken, which makes ` +
        `${refusedForTheirAlgorithm} good ones bad; ${leftOut} more left out`,
      ...VECTORS,
    })),
    { section: 'RFC examples', result: `${accepted} of ${rfc.length} accepted: ${sources}`, ...VECTORS },
  ];
}

/** A row for each runtime of the table that `npm run report:runtimes` has put into docs/runtimes.md. */
export function conformanceRows(page: string): Figure[] {
  return tableIn(page, 'runtimes')
    .split('\n')
    .slice(2)
    .map((line) => {
      const [, runtime, version, passed] = line.split('|').map((cell) => cell.trim());
      return {
        section: 'Conformance',
        of: `${runtime}`,
        result: `${passed} passed`.replace('– passed', 'not known'),
        measured: `${version}`,
        command: 'npm run report:runtimes',
      };
    });
}
