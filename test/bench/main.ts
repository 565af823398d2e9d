// npm run bench: the built packages beside their peers, doing the same work in the same run.
import { fork } from 'node:child_process';
import { loadavg } from 'node:os';
import { relative } from 'node:path';
import { runCommand } from '../commands/run-command.ts';
import { createProgress } from '../simulate-fleet/progress.ts';
import type { Results, ScaleName, SectionResult, Table } from './measuring/results.ts';
import { HELP, type Options, readOptions } from './options.ts';
import { describeEnvironment, environmentWith } from './report/environment.ts';
import { circumstances, tableText } from './report/markdown.ts';
import { targets } from './report/targets.ts';
import { judge, verdictTable } from './report/verdicts.ts';
import { writeReport } from './report/write.ts';
import type { Report } from './run-section.ts';
import { type SectionName, sectionNames } from './sections/sections.ts';
import { setUpStage } from './stage.ts';

const showProgress = createProgress(process.stderr);

async function main({ scale, sections, out }: Options): Promise<void> {
  const stage = await setUpStage(sections);
  try {
    const environment = environmentWith(stage.versions);
    console.log(`${describeEnvironment(environment)}\n`);
    const measured: SectionResult[] = [];
    for (const name of sections) {
      const section = await measureSection(stage.program, name, scale);
      console.log(sectionText(section));
      measured.push(section);
    }
    const results: Results = { environment, sections: measured };
    const verdicts = judge(targets, results).filter(({ measured: value }) => value !== undefined);
    console.log(verdicts.length === 0 ? '' : `Targets\n\n${verdictTable(verdicts)}\n`);
    if (out !== undefined) {
      await writeReport(out, results, sectionNames);
      console.log(`Written to ${relative(process.cwd(), out)}.`);
    }
  } finally {
    await stage.clear();
  }
}

async function measureSection(program: string, name: SectionName, scale: ScaleName): Promise<SectionResult> {
  const [load = 0] = loadavg();
  const begin = performance.now();
  showProgress({ run: name, share: 0 });
  const tables = await runProgram(program, name, scale);
  showProgress({ run: name, share: 1 });
  const date = new Date().toISOString().slice(0, 10);
  return { name, scale, date, load, seconds: (performance.now() - begin) / 1000, tables };
}

function runProgram(program: string, name: SectionName, scale: ScaleName): Promise<readonly Table[]> {
  return new Promise((resolve, reject) => {
    const child = fork(program, [name, scale], {
      // A million remembered tokens take more than Node.js would use by itself.
      execArgv: ['--expose-gc', '--max-old-space-size=8192'],
      env: { ...process.env, NODE_ENV: 'production' },
    });
    child.on('message', (report: Report) => {
      if ('share' in report) {
        showProgress({ run: name, share: Math.min(Math.max(report.share, 0.001), 0.999) });
      } else {
        resolve(report.tables);
      }
    });
    child.on('exit', (code) => reject(new Error(`The section ${name} has ended with code ${code}.`)));
  });
}

function sectionText(section: SectionResult): string {
  const tables = section.tables.map((table) => `${table.title}\n\n${tableText(table)}\n`);
  return [`${section.name}: ${circumstances(section)}\n`, ...tables].join('\n');
}

await runCommand(HELP, readOptions, main);
