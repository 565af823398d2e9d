import { admit } from '../contestants/proof.ts';
import { entries, OURS } from '../contestants/registry.ts';
import type { Memory } from '../measuring/memory-in-use.ts';
import type { Row } from '../measuring/results.ts';
import { type Consumer, startConsumer } from './memory-process.ts';
import type { Context, Section } from './section.ts';

const TOKENS = { full: 1_000_000, quick: 20_000, tiny: 200 };
const BATCH = 1000;
const CONTESTANTS = [OURS, 'fast-jwt, one static key, cached', 'jose'];

/** What is left in memory of tokens that were never seen again, with caches of the default size. */
export const memory: Section = {
  name: 'memory',
  async run(context) {
    const { scale, world } = context;
    await admit(
      entries.filter(({ name }) => CONTESTANTS.includes(name)),
      world,
    );
    const consumers = await Promise.all(CONTESTANTS.map((name) => startConsumer(name, world.trust)));
    await feed(consumers, 100, context, () => {});
    const before = await memories(consumers);
    await feed(consumers, TOKENS[scale] / 10, context, (share) => context.onProgress(share / 10));
    const early = await memories(consumers);
    await feed(consumers, (TOKENS[scale] * 9) / 10, context, (share) => context.onProgress(0.1 + share * 0.9));
    const after = await memories(consumers);
    for (const consumer of consumers) {
      consumer.close();
    }
    return [
      {
        id: 'memory',
        title: 'Memory after unique tokens',
        columns: [
          { key: 'tokens', heading: 'tokens', digits: 0 },
          { key: 'used', heading: 'growth in use, MB', digits: 1 },
          { key: 'resident', heading: 'growth of the process, MB', digits: 1 },
          { key: 'residentLate', heading: 'of which in the last nine tenths, MB', digits: 1 },
        ],
        rows: CONTESTANTS.map((name, index) =>
          rowOf(name, TOKENS[scale], before[index] as Memory, early[index] as Memory, after[index] as Memory),
        ),
        remarks: [
          'Since the first 100 tokens, after garbage collection. “In use” are JavaScript objects and what they hold outside of the heap; the process also has what V8 and the allocator keep for later.',
        ],
      },
    ];
  },
};

/** The next tokens are made while the last ones are verified. */
async function feed(
  consumers: readonly Consumer[],
  count: number,
  { world }: Context,
  onProgress: (share: number) => void,
): Promise<void> {
  let verified: Promise<unknown> = Promise.resolve();
  for (let made = 0; made < count; made += BATCH) {
    const tokens = Array.from({ length: Math.min(BATCH, count - made) }, () => world.mint());
    await verified;
    verified = Promise.all(consumers.map((consumer) => consumer.verify(tokens)));
    onProgress(made / count);
  }
  await verified;
}

function memories(consumers: readonly Consumer[]): Promise<Memory[]> {
  return Promise.all(consumers.map((consumer) => consumer.memory()));
}

function rowOf(name: string, tokens: number, before: Memory, early: Memory, after: Memory): Row {
  return {
    name,
    values: {
      tokens,
      used: (after.used - before.used) / 1e6,
      resident: (after.resident - before.resident) / 1e6,
      residentLate: (after.resident - early.resident) / 1e6,
    },
  };
}
