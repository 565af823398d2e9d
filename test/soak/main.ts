// npm run soak: good and bad requests against every adapter while Google rotates its keys, fails and recovers.
import { runCommand } from '../commands/run-command.ts';
import { record } from '../figures/recorded.ts';
import { summaryOfSoak } from '../figures/summaries.ts';
import { HELP, type Options, readOptions } from './options.ts';
import { createProgress } from './progress.ts';
import { runSoak } from './run-soak.ts';
import { tables } from './table.ts';

async function main({ json, record: isRecorded, ...options }: Options): Promise<void> {
  const onProgress = createProgress(process.stderr, options.seconds);
  const report = await runSoak({ ...options, onProgress });
  console.log(json ? JSON.stringify(report, null, 2) : tables(report));
  if (isRecorded) {
    await record('soak', summaryOfSoak(report, options.rate));
  }
  process.exitCode = report.violations === 0 ? 0 : 1;
}

await runCommand(HELP, readOptions, main);
