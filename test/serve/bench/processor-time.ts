import { globSync, readFileSync } from 'node:fs';
import type { Running } from '../support/processes.ts';

/** Linux counts in hundredths of a second: `getconf CLK_TCK`. */
const MICROSECONDS_PER_TICK = 10_000;

/** Of a process and its children, as nginx has them. In microseconds. */
export function processorTime({ process: { pid } }: Running): number {
  const ids = [String(pid), ...childrenOf(String(pid))];
  return ids.reduce((sum, id) => sum + ticksOf(id), 0) * MICROSECONDS_PER_TICK;
}

function childrenOf(pid: string): string[] {
  return globSync(`/proc/${pid}/task/*/children`)
    .flatMap((file) => readFileSync(file, 'utf8').trim().split(' '))
    .filter(Boolean);
}

/** @see man 5 proc: `utime` and `stime` are the 14th and 15th field, and the second may have spaces in it */
function ticksOf(pid: string): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
