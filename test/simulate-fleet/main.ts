// npm run simulate:fleet: what a day with an outage costs a fleet of short-lived isolates, with and without a store.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { draw } from '../charts/draw.ts';
import { runCommand } from '../commands/run-command.ts';
import { chart, titleOf } from './chart.ts';
import { HELP, type Options, readOptions } from './options.ts';
import { createProgress } from './progress.ts';
import { simulate } from './simulate.ts';
import { tables, whole } from './table.ts';

async function main({ isolates, hours, seed, out }: Options): Promise<void> {
  console.log(`${whole(isolates)} isolates in ${hours} hours, seed ${seed}.\n`);
  const results = await simulate({ isolates, hours, seed, onProgress: createProgress(process.stdout) });
  console.log(`\n${tables(results)}`);
  console.log(
    'An isolate is warm once it has accepted a request. Waits are those of accepted requests for their key.\n',
  );
  await mkdir(dirname(out), { recursive: true });
  await writeFile(out, await draw(titleOf(isolates), chart(results, isolates)));
  console.log(`Chart: ${relative(process.cwd(), out)}`);
}

await runCommand(HELP, readOptions, main);
