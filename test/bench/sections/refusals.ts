import { randomBytes } from 'node:crypto';
import { accepts, admit, type Contestant, forge } from '../contestants/proof.ts';
import { entries } from '../contestants/registry.ts';
import type { World } from '../google/world.ts';
import { freshCopies, oneByOne } from '../measuring/loops.ts';
import { type Entrant, measure, ratio, sampleOf } from '../measuring/measure.ts';
import type { Row } from '../measuring/results.ts';
import { RAW, rawVerify, signedBytes } from './raw.ts';
import { type Context, part, type Section } from './section.ts';

const SIZES = {
  full: { rounds: 15, tokens: 400 },
  quick: { rounds: 5, tokens: 200 },
  tiny: { rounds: 1, tokens: 4 },
};

interface Flaw {
  readonly key: string;
  readonly heading: string;
  /** A token that must be refused, another one each time. */
  make(world: World): string;
}

const FLAWS: readonly Flaw[] = [
  { key: 'noise', heading: 'noise', make: ({ mint }) => mint().replaceAll('.', '') },
  { key: 'parts', heading: 'two parts', make: ({ mint }) => withoutSignature(mint()) },
  {
    key: 'encoding',
    heading: 'not base64url',
    make: ({ mint }) =>
      mint()
        .replace(/.{20}$/, '+/=$&')
        .slice(0, -3),
  },
  { key: 'json', heading: 'not JSON', make: ({ mint }) => mint().replace(/^.{40}/, (part) => part.toUpperCase()) },
  { key: 'forged', heading: 'forged', make: ({ mint }) => forge(mint(), mint()) },
  { key: 'unknown', heading: 'unknown kid', make: ({ mint }) => mint({}, { kid: randomKeyId() }) },
  { key: 'expired', heading: 'expired', make: ({ mint }) => mint(ended()) },
  { key: 'audience', heading: 'other audience', make: ({ mint }) => mint({ aud: 'https://other.example.com' }) },
];

/** What it costs to say no, to those who pay nothing for asking. */
export const refusals: Section = {
  name: 'refusals',
  async run(context) {
    const values = await fetchesForUnknownKids(context.world);
    const contestants = await admit(SINGLE, context.world);
    for (const [index, flaw] of FLAWS.entries()) {
      const samples = await measure(
        [rawEntrant(context), ...contestants.map((contestant) => refusing(contestant, flaw, context))],
        SIZES[context.scale].rounds,
        part(context, index / FLAWS.length, (index + 1) / FLAWS.length),
      );
      const raw = sampleOf(samples, RAW);
      for (const { name } of contestants) {
        const { wall, cpu } = sampleOf(samples, name);
        const ratios = { [flaw.key]: ratio(wall, raw.wall), [`${flaw.key}-cpu`]: ratio(cpu, raw.cpu) };
        values.set(name, { ...values.get(name), ...ratios });
      }
    }
    return [
      {
        id: 'refusals',
        title: 'Refused tokens',
        columns: [
          ...FLAWS.map(({ key, heading }) => ({ key, heading, digits: 2 })),
          { key: 'fetches', heading: `fetches for ${UNKNOWN_KIDS} unknown kids`, digits: 0 },
        ],
        rows: [...values].map(([name, row]): Row => ({ name, values: row })),
        remarks: [
          `Time for one refusal, as a multiple of one ${RAW}. Every token is another one.`,
          'With an unknown kid, whoever fetches the keys for it waits for a server on the same machine: Google is further away.',
        ],
        chart: { column: 'forged', title: `A forged token: time to refuse it, as a multiple of ${RAW}` },
      },
    ];
  },
};

const SINGLE = entries.filter(({ variant }) => variant !== true);
const UNKNOWN_KIDS = 100;

/** Counted with newcomers: those who have been asked before may have stopped to fetch. */
async function fetchesForUnknownKids(world: World): Promise<Map<string, Record<string, number>>> {
  const counts = new Map<string, Record<string, number>>();
  for (const { name, verify } of await admit(SINGLE, world)) {
    const before = await world.fetches();
    for (let count = 0; count < UNKNOWN_KIDS; count += 1) {
      await accepts(verify, world.mint({}, { kid: randomKeyId() }));
    }
    counts.set(name, { fetches: (await world.fetches()) - before });
  }
  return counts;
}

function rawEntrant({ scale, world }: Context): Entrant {
  const verify = rawVerify(world);
  return {
    name: RAW,
    prepare: () =>
      oneByOne(
        Array.from({ length: SIZES[scale].tokens * 2 }, () => signedBytes(world.mint())),
        verify,
      ),
  };
}

function refusing({ name, verify }: Contestant, flaw: Flaw, { scale, world }: Context): Entrant {
  const make = () => flaw.make(world);
  return {
    name,
    prepare: () =>
      oneByOne(freshCopies(Array.from({ length: SIZES[scale].tokens }, make)), async (token) => {
        if (await accepts(verify, token)) {
          throw new Error(`${name} accepts a token that is wrong: ${flaw.heading}.`);
        }
      }),
  };
}

function withoutSignature(token: string): string {
  return token.slice(0, token.lastIndexOf('.'));
}

function randomKeyId(): string {
  return randomBytes(20).toString('hex');
}

function ended(): { iat: number; exp: number } {
  const exp = Math.floor(Date.now() / 1000) - 3600;
  return { iat: exp - 3600, exp };
}
