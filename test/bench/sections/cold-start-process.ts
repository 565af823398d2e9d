/*
 * One contestant in a fresh process: what it takes until the first token is verified.
 */
import type { Verify } from '../contestants/contestant.ts';
import type { Trust } from '../google/world.ts';
import { answerQuestions, type Child, isProgram, startChild } from '../measuring/child.ts';

export interface ColdStart {
  readonly file: string;
  readonly trust: Trust;
  readonly token: string;
}

/** In milliseconds, but for the memory. */
export interface ColdStartTimes {
  readonly load: number;
  /** The keys have to be fetched for it. */
  readonly firstVerify: number;
  /** Processor time of both, in all threads: other processes disturb it less. */
  readonly cpu: number;
  /** By how many bytes the process has grown. */
  readonly memory: number;
}

export async function startCold(start: ColdStart): Promise<ColdStartTimes> {
  const child: Child = startChild(import.meta.url);
  const times = await child.ask<ColdStartTimes>(start);
  child.end();
  return times;
}

if (isProgram(import.meta.url)) {
  answerQuestions(async ({ file, trust, token }: ColdStart): Promise<ColdStartTimes> => {
    const [memoryBefore, cpuBefore] = [process.memoryUsage.rss(), process.cpuUsage()];
    const begin = performance.now();
    const { enter }: { enter(trust: Trust): Verify } = await import(
      new URL(`../contestants/${file}.ts`, import.meta.url).href
    );
    const loaded = performance.now();
    await enter(trust)(token);
    const firstVerify = performance.now() - loaded;
    const { user, system } = process.cpuUsage(cpuBefore);
    const memory = process.memoryUsage.rss() - memoryBefore;
    return { load: loaded - begin, firstVerify, cpu: (user + system) / 1000, memory };
  });
}
