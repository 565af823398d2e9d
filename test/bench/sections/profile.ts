import { type Profiler, Session } from 'node:inspector/promises';
import { admit } from '../contestants/proof.ts';
import { entries, OURS } from '../contestants/registry.ts';
import { forAbout, fresh, freshCopies, oneByOne } from '../measuring/loops.ts';
import type { Lap } from '../measuring/measure.ts';
import type { Table } from '../measuring/results.ts';
import type { Section } from './section.ts';

const SIZES = {
  full: { unique: 20_000, milliseconds: 3000 },
  quick: { unique: 4000, milliseconds: 500 },
  tiny: { unique: 64, milliseconds: 5 },
};

/** What a source file of ours, of the runtime or of a dependency is there for. The first that fits counts. */
const PARTS: readonly (readonly [name: string, files: RegExp])[] = [
  ['RSA, in OpenSSL', /node:internal\/crypto\//],
  ['decode and parse', /core\/dist\/(parse|json|runtime\/)|node:(internal\/)?(buffer|encoding)/],
  ['token cache', /token-cache\.js|lru-cache/],
  ['key', /core\/dist\/keys/],
  ['claims and caller', /core\/dist\/(claims|audience|caller|rule)/],
  ['freezing what is handed out', /core\/dist\/freeze/],
  ['the verifier itself', /core\/dist\//],
];
const COLLECTION = 'collecting garbage';
const REST = 'everything else, the loop of the benchmark included';

/** Where the time of a verification goes, by a CPU profile of V8. */
export const profile: Section = {
  name: 'profile',
  async run({ scale, world, onProgress }) {
    const { unique, milliseconds } = SIZES[scale];
    const [ours] = await admit(
      entries.filter(({ name }) => name === OURS),
      world,
    );
    const verify = ours?.verify ?? (() => undefined);
    const tokens = () => freshCopies(Array.from({ length: unique }, () => world.mint()));
    const same = Buffer.from(world.mint());
    const again = forAbout(milliseconds, () => verify(fresh(same)));

    await oneByOne(tokens(), verify)();
    const uniqueShares = sharesOf(await profileOf(oneByOne(tokens(), verify)));
    onProgress(0.5);
    await again();
    const repeatedShares = sharesOf(await profileOf(again));
    onProgress(1);
    return [table(uniqueShares, repeatedShares)];
  },
};

function table(unique: ReadonlyMap<string, number>, repeated: ReadonlyMap<string, number>): Table {
  const parts = [...PARTS.map(([name]) => name), COLLECTION, REST];
  return {
    id: 'profile',
    title: 'Where the time goes',
    columns: [
      { key: 'unique', heading: 'a new token, % of its time', digits: 1 },
      { key: 'repeated', heading: 'a known token, % of its time', digits: 1 },
    ],
    rows: parts.map((name) => ({
      name,
      values: { unique: 100 * (unique.get(name) ?? 0), repeated: 100 * (repeated.get(name) ?? 0) },
    })),
    remarks: ['By samples of the profiler of V8, which also costs time where functions are small.'],
  };
}

async function profileOf(lap: Lap): Promise<Profiler.Profile> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: 100 });
    await session.post('Profiler.start');
    await lap();
    return (await session.post('Profiler.stop')).profile;
  } finally {
    session.disconnect();
  }
}

/** The share of the time of each part. What is native counts for the function that called it. */
function sharesOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Map<string, number> {
  const times = new Map<string, number>();
  const partOfNode = partsOf(nodes);
  for (const [index, id] of samples.entries()) {
    const part = partOfNode.get(id) ?? REST;
    times.set(part, (times.get(part) ?? 0) + (timeDeltas[index] ?? 0));
  }
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  return new Map([...times].map(([part, time]) => [part, time / total]));
}

function partsOf(nodes: readonly Profiler.ProfileNode[]): Map<number, string> {
  const parts = new Map<number, string>();
  // Parents come before their children.
  for (const { id, callFrame, children = [] } of nodes) {
    const own = PARTS.find(([, files]) => files.test(callFrame.url))?.[0];
    const part = callFrame.functionName === '(garbage collector)' ? COLLECTION : (own ?? parts.get(id) ?? REST);
    parts.set(id, part);
    for (const child of children) {
      parts.set(child, part);
    }
  }
  return parts;
}
