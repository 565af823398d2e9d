import { createGoogleIdTokenVerifier, createGoogleKeySet, serviceAccount } from '@id-token-guard/core';
import type { Verify } from '../contestants/contestant.ts';
import { prove } from '../contestants/proof.ts';
import { createWorld, type World } from '../google/world.ts';
import { fresh, freshCopies, oneByOne } from '../measuring/loops.ts';
import { type Entrant, measure, ratio, type Sample } from '../measuring/measure.ts';
import type { Row, ScaleName, Table } from '../measuring/results.ts';
import { median } from '../measuring/statistics.ts';
import { verifiersTable } from './many-verifiers.ts';
import { type Context, part, type Section } from './section.ts';

const SIZES: Readonly<Record<ScaleName, Sizes>> = {
  full: {
    rounds: 25,
    cacheSizes: [100, 1000, 10_000, 100_000, 1_000_000],
    keyCounts: [2, 10, 100],
    hits: 4000,
    misses: 500,
  },
  quick: { rounds: 9, cacheSizes: [100, 1000, 10_000], keyCounts: [2, 10, 100], hits: 2000, misses: 200 },
  tiny: { rounds: 1, cacheSizes: [100, 200], keyCounts: [2, 3], hits: 100, misses: 5 },
};

interface Sizes {
  readonly rounds: number;
  readonly cacheSizes: readonly number[];
  readonly keyCounts: readonly number[];
  readonly hits: number;
  readonly misses: number;
}

/** How many of the tokens in a full cache are in use. */
const IN_USE = 100;

/** Whether more remembered tokens or more keys make a verification slower, and what more verifiers take. */
export const growth: Section = {
  name: 'growth',
  async run(context) {
    const { cacheSizes } = SIZES[context.scale];
    const caches: FullCache[] = [];
    for (const [index, size] of cacheSizes.entries()) {
      const onProgress = part(context, (0.6 * index) / cacheSizes.length, (0.6 * (index + 1)) / cacheSizes.length);
      caches.push(await fillCache(size, context.world, onProgress));
    }
    return [await cacheTable(caches, context), await keyTable(context), await verifiersTable(context)];
  },
};

interface FullCache {
  readonly size: number;
  readonly verify: Verify;
  /** Some of the remembered tokens, from all over the cache. */
  readonly inUse: readonly Buffer[];
}

async function fillCache(size: number, world: World, onProgress: (share: number) => void): Promise<FullCache> {
  const verify = verifierOf(world, size);
  await prove('the verifier', verify, world);
  const inUse: Buffer[] = [];
  for (let count = 0; count < size; count += 1) {
    const token = world.mint();
    await verify(token);
    if (count % Math.floor(size / IN_USE) === 0 && inUse.length < IN_USE) {
      inUse.push(Buffer.from(token));
    }
    if (count % 1000 === 0) {
      onProgress(count / size);
    }
  }
  return { size, verify, inUse };
}

async function cacheTable(caches: readonly FullCache[], context: Context): Promise<Table> {
  const { rounds, hits, misses } = SIZES[context.scale];
  const hitting = caches.map(({ size, verify, inUse }): Entrant => {
    const tokens = Array.from({ length: hits }, (_, index) => inUse[index % inUse.length] as Buffer);
    return { name: String(size), prepare: () => oneByOne(tokens.map(fresh), verify) };
  });
  // Each of these puts one out of the cache: not one that is in use, since those were used last.
  const missing = caches.map(({ size, verify }): Entrant => {
    return { name: String(size), prepare: () => oneByOne(mintMany(context.world, misses), verify) };
  });
  const hitSamples = await measure(hitting, rounds, part(context, 0.6, 0.7));
  const missSamples = await measure(missing, rounds, part(context, 0.7, 0.8));
  const rows = caches.map(({ size }, index): Row => {
    const hit = compared(hitSamples, index);
    const miss = compared(missSamples, index);
    return {
      name: `${size.toLocaleString('en')} tokens`,
      values: {
        hitRatio: hit.times,
        missRatio: miss.times,
        hit: hit.wall,
        miss: miss.wall,
        'hitRatio-cpu': hit.cpuTimes,
        'missRatio-cpu': miss.cpuTimes,
      },
    };
  });
  return {
    id: 'growth-cache',
    title: 'A full token cache of growing size',
    columns: [
      { key: 'hitRatio', heading: 'remembered token ÷ smallest', digits: 2 },
      { key: 'missRatio', heading: 'new token ÷ smallest', digits: 2 },
      { key: 'hit', heading: 'remembered token, µs', digits: 2 },
      { key: 'miss', heading: 'new token, µs', digits: 1 },
    ],
    rows,
    remarks: [`Of the remembered tokens ${IN_USE} are in use.`],
  };
}

async function keyTable(context: Context): Promise<Table> {
  const { rounds, keyCounts, misses } = SIZES[context.scale];
  const worlds = await Promise.all(keyCounts.map((count) => createWorld(count)));
  const entrants = worlds.map((world, index): Entrant => {
    const verify = verifierOf(world, 1000);
    return { name: String(keyCounts[index]), prepare: () => oneByOne(mintMany(world, misses), verify) };
  });
  const samples = await measure(entrants, rounds, part(context, 0.8, 1));
  for (const world of worlds) {
    world.close();
  }
  return {
    id: 'growth-keys',
    title: 'A key set of growing size',
    columns: [
      { key: 'ratio', heading: 'new token ÷ fewest', digits: 2 },
      { key: 'wall', heading: 'new token, µs', digits: 1 },
    ],
    rows: keyCounts.map((count, index): Row => {
      const { wall, times, cpuTimes } = compared(samples, index);
      return { name: `${count} keys`, values: { ratio: times, wall, 'ratio-cpu': cpuTimes } };
    }),
  };
}

function verifierOf({ trust: { audience, jwksUrl } }: World, tokenCacheSize: number): Verify {
  const verifier = createGoogleIdTokenVerifier({
    audience,
    callers: serviceAccount('push-sender@my-project.iam.gserviceaccount.com'),
    keys: createGoogleKeySet({ url: jwksUrl }),
    tokenCacheSize,
  });
  return (token) => verifier.verify(token);
}

function mintMany(world: World, count: number): string[] {
  return freshCopies(Array.from({ length: count }, () => world.mint()));
}

/** The time of one, and how many times the first one's it is. */
function compared(samples: readonly Sample[], index: number) {
  const [first, own] = [samples[0] as Sample, samples[index] as Sample];
  return { wall: median(own.wall), times: ratio(own.wall, first.wall), cpuTimes: ratio(own.cpu, first.cpu) };
}
