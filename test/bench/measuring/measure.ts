/*
 * Rounds in which all entrants have their turn, one after the other, so that what else the machine does meets all of them.
 */
import { median } from './statistics.ts';

/** One turn of one entrant: it runs, and tells how many operations that were. */
export type Lap = () => number | Promise<number>;

export interface Entrant {
  readonly name: string;
  /** Makes what the lap needs; this is not measured. */
  prepare(round: number): Lap | Promise<Lap>;
}

/** What was measured of an entrant: one value for each round, in microseconds per operation. */
export interface Sample {
  readonly name: string;
  readonly wall: readonly number[];
  /** Of all threads of this process, what the garbage collector does included. */
  readonly cpu: readonly number[];
}

/**
 * @param rounds are counted; before them, a third as many warm up
 * @param onRound is told after each round what share of them is done
 */
export async function measure(
  entrants: readonly Entrant[],
  rounds: number,
  onRound: (share: number) => void = () => {},
): Promise<Sample[]> {
  const samples = entrants.map((entrant) => ({ entrant, wall: [] as number[], cpu: [] as number[] }));
  const warmUp = Math.ceil(rounds / 3);
  for (let round = 0; round < warmUp + rounds; round += 1) {
    for (const sample of rotated(samples, round)) {
      const lap = await sample.entrant.prepare(round);
      const { wall, cpu } = await timed(lap);
      if (round >= warmUp) {
        sample.wall.push(wall);
        sample.cpu.push(cpu);
      }
    }
    onRound((round + 1) / (warmUp + rounds));
  }
  return samples.map(({ entrant: { name }, wall, cpu }) => ({ name, wall, cpu }));
}

async function timed(lap: Lap): Promise<{ wall: number; cpu: number }> {
  // What others left behind is not to be cleared away in this lap. Only the young generation: what a full collection
  // leaves to other threads would be counted here.
  globalThis.gc?.({ type: 'minor' });
  const cpuBefore = process.cpuUsage();
  const before = performance.now();
  const operations = await lap();
  const wall = (performance.now() - before) * 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { wall: wall / operations, cpu: (user + system) / operations };
}

/** Another one begins each round. */
function rotated<T>(list: readonly T[], by: number): T[] {
  const start = by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}

/** How many times the one is of the other: the median of the ratios of the same round. */
export function ratio(one: readonly number[], other: readonly number[]): number {
  return median(one.map((value, round) => value / (other[round] as number)));
}

/** What is left of a sample without the cost of something that it includes. */
export function without(sample: Sample, part: Sample): Sample {
  const subtract = (from: readonly number[], values: readonly number[]) =>
    from.map((value, round) => Math.max(value - (values[round] as number), 0.001));
  return { ...sample, wall: subtract(sample.wall, part.wall), cpu: subtract(sample.cpu, part.cpu) };
}

/** @throws RangeError where no sample has that name */
export function sampleOf(samples: readonly Sample[], name: string): Sample {
  const sample = samples.find((each) => each.name === name);
  if (sample === undefined) {
    throw new RangeError(`Nothing was measured of ${name}.`);
  }
  return sample;
}
