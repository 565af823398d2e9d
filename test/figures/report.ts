// npm run report:figures: puts the table of what was tried into docs/figures.md.
import { readFile, writeFile } from 'node:fs/promises';
import { withTable } from '../runtimes/table.ts';
import { allFigures } from './all-figures.ts';
import { figuresTable } from './figure.ts';

const PAGE = new URL('../../docs/figures.md', import.meta.url);

const figures = await allFigures();
const table = figuresTable(figures);
console.log(table);
if (figures.some(({ section }) => section === 'Wycheproof')) {
  await writeFile(PAGE, withTable(await readFile(PAGE, 'utf8'), table, 'figures'));
} else {
  console.error(
    '../shared/vectors/wycheproof-rs256.json is not beside the repository: docs/figures.md stays as it is.',
  );
  process.exitCode = 1;
}
