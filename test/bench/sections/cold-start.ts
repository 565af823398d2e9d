import { admit } from '../contestants/proof.ts';
import { entries, OURS } from '../contestants/registry.ts';
import { ratio } from '../measuring/measure.ts';
import { median } from '../measuring/statistics.ts';
import { type ColdStartTimes, startCold } from './cold-start-process.ts';
import type { Section } from './section.ts';

const SINGLE = entries.filter(({ variant }) => variant !== true);

const SIZES = {
  full: { rounds: 21, contestants: SINGLE.length },
  quick: { rounds: 5, contestants: SINGLE.length },
  tiny: { rounds: 1, contestants: 3 },
};

/** What the first request of a new process waits for. */
export const coldStart: Section = {
  name: 'cold-start',
  async run({ scale, world, onProgress }) {
    const { rounds, contestants: count } = SIZES[scale];
    const admitted = await admit(SINGLE.slice(0, count), world);
    const contestants = admitted.map((entry) => ({ ...entry, times: [] as ColdStartTimes[] }));
    for (let round = 0; round < rounds; round += 1) {
      for (const { file, times } of contestants) {
        times.push(await startCold({ file, trust: world.trust, token: world.mint() }));
      }
      onProgress((round + 1) / rounds);
    }
    const totals = (name: string) =>
      contestants.find((each) => each.name === name)?.times.map(({ load, firstVerify }) => load + firstVerify) ?? [];
    return [
      {
        id: 'cold-start',
        title: 'Cold start: import and first verification in a fresh process',
        columns: [
          { key: 'ratio', heading: 'time ÷ ours', digits: 2 },
          { key: 'total', heading: 'time, ms', digits: 0 },
          { key: 'load', heading: 'import, ms', digits: 0 },
          { key: 'firstVerify', heading: 'first verification, ms', digits: 0 },
        ],
        rows: contestants.map(({ name, times }) => ({
          name,
          values: {
            ratio: ratio(totals(name), totals(OURS)),
            total: median(totals(name)),
            load: median(times.map(({ load }) => load)),
            firstVerify: median(times.map(({ firstVerify }) => firstVerify)),
          },
        })),
        remarks: [
          'The first verification fetches the keys, from a server on the same machine. The start of Node.js is not counted.',
        ],
        chart: { column: 'ratio', title: 'Cold start: time until the first token is verified, as a multiple of ours' },
      },
    ];
  },
};
