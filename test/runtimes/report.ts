// node test/runtimes/report.ts: runs the conformance suite everywhere, and puts the table of what passed into docs/runtimes.md.
// node test/runtimes/report.ts --json: prints all results as JSON instead.
import { readFile, writeFile } from 'node:fs/promises';
import { prepare } from './prepare.ts';
import { runtimes } from './runtimes.ts';
import { markdownTable, type Row, withTable } from './table.ts';

const PAGE = new URL('../../docs/runtimes.md', import.meta.url);

const prepared = await prepare();
const rows: Row[] = [];
try {
  for (const runtime of runtimes) {
    const version = await runtime.version();
    const results = version === undefined ? [] : await prepared.runIn(runtime);
    rows.push({ runtime: runtime.name, version, results });
  }
} finally {
  await prepared.clear();
}

if (process.argv.includes('--json')) {
  console.log(JSON.stringify(rows, null, 2));
} else {
  const table = markdownTable(rows);
  console.log(table);
  await writeFile(PAGE, withTable(await readFile(PAGE, 'utf8'), table));
}
process.exitCode = rows.every(({ results }) => results.every(({ passed }) => passed)) ? 0 : 1;
