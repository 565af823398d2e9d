import { admit, type Contestant } from '../contestants/proof.ts';
import { entries, OURS } from '../contestants/registry.ts';
import { freshCopies, inFlight } from '../measuring/loops.ts';
import { type Entrant, measure, ratio, sampleOf } from '../measuring/measure.ts';
import type { Table } from '../measuring/results.ts';
import { timeColumns, timeRow } from './columns.ts';
import { ordinaryVerify, RAW, RAW_ORDINARY, RAW_SUBTLE, rawSubtleVerify, rawVerify, signedBytes } from './raw.ts';
import { type Context, part, type Section } from './section.ts';

const SIZES = {
  full: { rounds: 25, tokens: 640 },
  quick: { rounds: 9, tokens: 256 },
  tiny: { rounds: 1, tokens: 64 },
};

/** Raw verifications take less time: more of them, to be as sure of it. Whether one has been done before makes no difference. */
const RAW_REPEATS = 4;

/** Tokens that nobody has seen before: what a verification costs. */
export const unique: Section = {
  name: 'unique',
  async run(context) {
    const contestants = await admit(entries, context.world);
    return [
      await table('unique-one', 'Unique tokens, one at a time', 1, contestants, context, part(context, 0, 0.5)),
      await table('unique-64', 'Unique tokens, 64 in flight', 64, contestants, context, part(context, 0.5, 1)),
    ];
  },
};

async function table(
  id: string,
  title: string,
  limit: number,
  contestants: readonly Contestant[],
  { scale, world }: Context,
  onProgress: (share: number) => void,
): Promise<Table> {
  const { rounds, tokens: count } = SIZES[scale];
  const tokensOf = tokensOfRounds(() => Array.from({ length: count }, () => world.mint()));
  const [verify, subtleVerify, verifyOrdinary] = [rawVerify(world), await rawSubtleVerify(world), ordinaryVerify()];
  const signedOf = (round: number) => {
    const signed = tokensOf(round).map(signedBytes);
    return Array.from({ length: RAW_REPEATS }, () => signed).flat();
  };

  const entrants: Entrant[] = [
    { name: RAW, prepare: (round) => inFlight(limit, signedOf(round), verify) },
    { name: RAW_ORDINARY, prepare: (round) => inFlight(limit, signedOf(round), verifyOrdinary) },
    { name: RAW_SUBTLE, prepare: (round) => inFlight(limit, signedOf(round), subtleVerify) },
    ...contestants.map(({ name, verify }) => ({
      name,
      prepare: (round: number) => inFlight(limit, freshCopies(tokensOf(round)), verify),
    })),
  ];
  const samples = await measure(entrants, rounds, onProgress);
  const ours = sampleOf(samples, OURS);
  return {
    id,
    title,
    columns: [
      ...timeColumns(RAW),
      { key: 'throughputOfOurs', heading: 'throughput ÷ ours', digits: 2 },
      { key: 'cpuOfOurs', heading: 'CPU ÷ ours', digits: 2 },
    ],
    rows: samples.map((sample) => {
      const { name, values } = timeRow(sample, sampleOf(samples, RAW));
      return {
        name,
        values: { ...values, throughputOfOurs: ratio(ours.wall, sample.wall), cpuOfOurs: ratio(sample.cpu, ours.cpu) },
      };
    }),
    chart: { column: 'ratio', title: `${title}: time per token, as a multiple of ${RAW}` },
  };
}

/** The same tokens for all entrants of a round, others in the next. */
function tokensOfRounds(mint: () => string[]): (round: number) => string[] {
  let current = { round: -1, tokens: [] as string[] };
  return (round) => {
    if (round !== current.round) {
      current = { round, tokens: mint() };
    }
    return current.tokens;
  };
}
