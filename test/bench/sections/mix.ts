import { admit } from '../contestants/proof.ts';
import { entries, OURS } from '../contestants/registry.ts';
import { fresh, inFlight } from '../measuring/loops.ts';
import { measure, ratio, sampleOf } from '../measuring/measure.ts';
import type { Table } from '../measuring/results.ts';
import { median } from '../measuring/statistics.ts';
import { type Context, part, type Section } from './section.ts';

/** How often a token is used in its hour. */
const SIZES = {
  full: { rounds: 7, uses: 360, pushes: 3600 },
  quick: { rounds: 3, uses: 60, pushes: 600 },
  tiny: { rounds: 1, uses: 3, pushes: 30 },
};

const CALLERS = 20;
const IN_FLIGHT = 8;

/** As services are called: by few, often, with tokens that live an hour. */
export const mix: Section = {
  name: 'mix',
  async run(context) {
    const { uses, pushes } = SIZES[context.scale];
    const callers = `${CALLERS} callers, each with a new token every ${uses} requests`;
    const pubsub = `Pub/Sub, with one token for ${pushes} pushes`;
    return [
      await table('mix-callers', callers, () => requests(context, CALLERS, uses), context, part(context, 0, 0.8)),
      await table('mix-pubsub', pubsub, () => requests(context, 1, pushes), context, part(context, 0.8, 1)),
    ];
  },
};

async function table(
  id: string,
  title: string,
  makeRequests: () => Buffer[],
  { scale, world }: Context,
  onProgress: (share: number) => void,
): Promise<Table> {
  const contestants = await admit(entries, world);
  const samples = await measure(
    contestants.map(({ name, verify }) => ({
      name,
      prepare: () => inFlight(IN_FLIGHT, makeRequests(), (token) => verify(fresh(token))),
    })),
    SIZES[scale].rounds,
    onProgress,
  );
  const ours = sampleOf(samples, OURS);
  return {
    id,
    title,
    columns: [
      { key: 'ratio', heading: 'time ÷ ours', digits: 1 },
      { key: 'cpuRatio', heading: 'CPU ÷ ours', digits: 1 },
      { key: 'wall', heading: 'time, µs', digits: 1 },
      { key: 'cpu', heading: 'CPU, µs', digits: 1 },
    ],
    rows: samples.map(({ name, wall, cpu }) => ({
      name,
      values: {
        ratio: ratio(wall, ours.wall),
        cpuRatio: ratio(cpu, ours.cpu),
        wall: median(wall),
        cpu: median(cpu),
      },
    })),
    remarks: [`${IN_FLIGHT} requests in flight; each carries its token as a new string.`],
    chart: { column: 'ratio', title: `${title}: time, as a multiple of ours` },
  };
}

/** Requests of some callers in turn, who renew their tokens one after the other, not all at once. */
function requests({ world }: Context, callers: number, uses: number): Buffer[] {
  const mint = () => Buffer.from(world.mint());
  const tokens = Array.from({ length: callers }, mint);
  return Array.from({ length: callers * uses }, (_, index) => {
    const caller = index % callers;
    const use = Math.floor(index / callers);
    if (use === Math.floor((uses * caller) / callers) && use > 0) {
      tokens[caller] = mint();
    }
    return tokens[caller] as Buffer;
  });
}
