import { readFile } from 'node:fs/promises';
import { hostileFigures } from '../core/hostile/figures.ts';
import { vectorFigures } from '../core/vectors/figures.ts';
import type { Figure } from './figure.ts';
import { conformanceRows, hostileRow, vectorRows } from './quick-figures.ts';
import { readRecorded } from './recorded.ts';
import { fuzzRow, mutationRow, soakRow } from './recorded-figures.ts';

const RUNTIMES = new URL('../../docs/runtimes.md', import.meta.url);

/** Every row of the table, in seconds: what takes longer was recorded before. */
export async function allFigures(): Promise<Figure[]> {
  return [
    hostileRow(hostileFigures()),
    ...vectorRows(await vectorFigures()),
    mutationRow(await readRecorded('mutation')),
    fuzzRow(await readRecorded('fuzz')),
    soakRow(await readRecorded('soak')),
    ...conformanceRows(await readFile(RUNTIMES, 'utf8')),
  ];
}
