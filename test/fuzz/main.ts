// npm run fuzz: feeds what reads foreign input with everything that it must stand, for as long as you like.
import { runCommand } from '../commands/run-command.ts';
import { record } from '../figures/recorded.ts';
import { summaryOfFuzz } from '../figures/summaries.ts';
import { fuzz } from './fuzz.ts';
import { HELP, type Options, readOptions } from './options.ts';
import { createProgress } from './progress.ts';
import { table } from './table.ts';

async function main({ json, record: isRecorded, ...options }: Options): Promise<void> {
  const figures = await fuzz({ ...options, onProgress: createProgress(process.stderr) });
  console.log(json ? JSON.stringify(figures, null, 2) : table(figures));
  if (isRecorded) {
    await record('fuzz', summaryOfFuzz(figures));
  }
  process.exitCode = figures.failures === 0 ? 0 : 1;
}

await runCommand(HELP, readOptions, main);
