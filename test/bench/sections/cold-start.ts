import { admit } from '../contestants/proof.ts';
import { OURS, withBefore } from '../contestants/registry.ts';
import { ratio } from '../measuring/measure.ts';
import { median } from '../measuring/statistics.ts';
import { type ColdStartTimes, startCold } from './cold-start-process.ts';
import type { Section } from './section.ts';

const SIZES = {
  full: { rounds: 21, contestants: Number.POSITIVE_INFINITY },
  quick: { rounds: 5, contestants: Number.POSITIVE_INFINITY },
  tiny: { rounds: 1, contestants: 3 },
};

/** What the first request of a new process waits for. */
export const coldStart: Section = {
  name: 'cold-start',
  async run({ scale, world, onProgress }) {
    const { rounds, contestants: count } = SIZES[scale];
    const admitted = await admit(withBefore().slice(0, count), world);
    const contestants = admitted.map((entry) => ({ ...entry, times: [] as ColdStartTimes[] }));
    for (let round = 0; round < rounds; round += 1) {
      for (const { file, times } of contestants) {
        times.push(await startCold({ file, trust: world.trust, token: world.mint() }));
      }
      onProgress((round + 1) / rounds);
    }
    const timesOf = (name: string) => contestants.find((each) => each.name === name)?.times ?? [];
    const totals = (name: string) => timesOf(name).map(({ load, firstVerify }) => load + firstVerify);
    const cpu = (name: string) => timesOf(name).map((times) => times.cpu);
    return [
      {
        id: 'cold-start',
        title: 'Cold start: import and first verification in a fresh process',
        columns: [
          { key: 'ratio', heading: 'time ÷ ours', digits: 2 },
          { key: 'total', heading: 'time, ms', digits: 0 },
          { key: 'load', heading: 'import, ms', digits: 0 },
          { key: 'firstVerify', heading: 'first verification, ms', digits: 0 },
          { key: 'cpuRatio', heading: 'CPU ÷ ours', digits: 2 },
          { key: 'memory', heading: 'memory, MB', digits: 1 },
        ],
        rows: contestants.map(({ name, times }) => ({
          name,
          values: {
            ratio: ratio(totals(name), totals(OURS)),
            total: median(totals(name)),
            load: median(times.map(({ load }) => load)),
            firstVerify: median(times.map(({ firstVerify }) => firstVerify)),
            cpuRatio: ratio(cpu(name), cpu(OURS)),
            memory: median(times.map(({ memory }) => memory)) / 1e6,
          },
        })),
        remarks: [
          'The first verification fetches the keys, from a server on the same machine. The start of Node.js is not counted. Memory is what the operating system counts for the process, less what it counted before.',
        ],
        chart: { column: 'ratio', title: 'Cold start: time until the first token is verified, as a multiple of ours' },
      },
    ];
  },
};
