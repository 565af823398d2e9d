// node test/runtimes/report.ts: runs the conformance suite everywhere, and puts the table of what passed into docs/runtimes.md.
// node test/runtimes/report.ts --json: prints all results as JSON instead.
import { readFile, writeFile } from 'node:fs/promises';
import { prepare } from './prepare.ts';
import { runtimes } from './runtimes.ts';
import { SERVER_RUNTIMES, tryServers } from './servers.ts';
import { markdownTable, type Row, type ServerColumn, serverTable, withTable } from './table.ts';

const PAGE = new URL('../../docs/runtimes.md', import.meta.url);

const prepared = await prepare();
const rows: Row[] = [];
const columns: ServerColumn[] = [];
try {
  for (const runtime of runtimes) {
    const version = await runtime.version();
    const results = version === undefined ? [] : await prepared.runIn(runtime);
    rows.push({ runtime: runtime.name, version, results });
    if (runtime.name in SERVER_RUNTIMES) {
      const { directory, outside } = prepared;
      const results = version === undefined ? {} : await tryServers(runtime.name, directory, outside);
      columns.push({ runtime: runtime.name, results });
    }
  }
} finally {
  await prepared.clear();
}

if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ rows, columns }, null, 2));
} else {
  const [table, servers] = [markdownTable(rows), serverTable(columns)];
  console.log(`${table}\n\n${servers}`);
  await writeFile(PAGE, withTable(withTable(await readFile(PAGE, 'utf8'), table), servers, 'servers'));
}
const all = [...rows.map(({ results }) => results), ...columns.flatMap(({ results }) => Object.values(results))].flat();
process.exitCode = all.every(({ passed }) => passed) ? 0 : 1;
