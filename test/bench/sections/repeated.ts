import { admit } from '../contestants/proof.ts';
import { entries } from '../contestants/registry.ts';
import { forAbout, fresh, oneByOne } from '../measuring/loops.ts';
import { type Entrant, measure, sampleOf, without } from '../measuring/measure.ts';
import { timeColumns, timeRow } from './columns.ts';
import { RAW, rawVerify, signedBytes } from './raw.ts';
import type { Section } from './section.ts';

const SIZES = {
  full: { rounds: 25, milliseconds: 80, before: 5000 },
  quick: { rounds: 9, milliseconds: 20, before: 2000 },
  tiny: { rounds: 1, milliseconds: 1, before: 1 },
};

const STRING = 'the string alone';

/** The same token again and again, each time as a new string, as the header of a request is. */
export const repeated: Section = {
  name: 'repeated',
  async run({ scale, world, onProgress }) {
    const { rounds, milliseconds, before } = SIZES[scale];
    const bytes = Buffer.from(world.mint());
    const signed = signedBytes(bytes.toString());
    const verifyRaw = rawVerify(world);
    const contestants = await admit(entries, world);
    let characters = 0;

    const entrants: Entrant[] = [
      {
        name: STRING,
        prepare: () =>
          forAbout(milliseconds, () => {
            characters += fresh(bytes).length;
          }),
      },
      { name: RAW, prepare: () => forAbout(milliseconds, () => verifyRaw(signed)) },
      ...contestants.map(({ name, verify }) => ({
        name,
        prepare: () => forAbout(milliseconds, () => verify(fresh(bytes))),
      })),
    ];
    // In the short laps of the slow ones there are too few verifications to warm up by.
    for (const { verify } of contestants) {
      await oneByOne(Array(before).fill(bytes), (token) => verify(fresh(token)))();
    }
    const samples = await measure(entrants, rounds, onProgress);
    if (characters === 0) {
      throw new Error('No string was made.');
    }

    const string = sampleOf(samples, STRING);
    const raw = sampleOf(samples, RAW);
    const net = samples.map((sample) => (sample === string || sample === raw ? sample : without(sample, string)));
    return [
      {
        id: 'repeated',
        title: 'The same token again',
        columns: timeColumns(RAW).map((column) => (column.key === 'ratio' ? { ...column, digits: 3 } : column)),
        rows: net.map((sample) => timeRow(sample, raw)),
        remarks: [
          `Each verification gets the token as a new string. Making it (“${STRING}”) is measured by itself and subtracted from the others.`,
        ],
        chart: { column: 'ratio', title: `The same token again: time, as a multiple of ${RAW}` },
      },
    ];
  },
};
