import { expect, test, vi } from 'vitest';
import { SENDER } from './support/callers.ts';
import { createFleet, type Process } from './support/fleet.ts';
import { startProxy, type Weather } from './support/proxy.ts';
import { redisServerIsInstalled, startRedisServer } from './support/redis-server.ts';
import { type Way, waysToRedis } from './support/ways-to-redis.ts';

if (!redisServerIsInstalled) {
  console.warn('Skipped: stores behind a broken network, because there is no redis-server on the PATH.');
}

/** What became of the first request to a new process. */
type Outcome = 'keys of the store' | 'keys of Google, and the store was slow' | 'keys of Google, and the store failed';

const WEATHERS: readonly Weather[] = ['pass', 'slow', 'lost', 'pass', 'cut', 'pass'];

test.skipIf(!redisServerIsInstalled)(
  'a broken network before the store harms no token, whatever the client: it is told, and over as soon as it is whole',
  async () => {
    const server = await startRedisServer();
    // All at once: most of it is waiting.
    const outcomes = await Promise.all(waysToRedis.map((way) => outcomesOf(way, server.port)));
    await server.stop();

    for (const { way, waits } of outcomes) {
      console.log(`${way}: verifications waited ${waits.join(', ')}`);
    }
    expect(Object.fromEntries(outcomes.map(({ way, outcomes }) => [way, outcomes]))).toEqual(
      Object.fromEntries(waysToRedis.map(({ way }) => [way, EXPECTED])),
    );
  },
  120_000,
);

const failed = expect.stringMatching('keys of Google, and the store');

const EXPECTED = [
  'keys of the store',
  'keys of the store',
  'keys of Google, and the store was slow',
  'keys of the store',
  failed,
  'keys of the store',
];

async function outcomesOf(way: Way, redisPort: number) {
  const proxy = await startProxy(await way.serve(redisPort));
  const store = (await way.connect(proxy.port))({ prefix: `${way.way}:` });
  const { startProcess } = await createFleet();
  await startProcess(store).call();
  const outcomes: Outcome[] = [];
  const waits: string[] = [];

  async function startAndCall(): Promise<Outcome> {
    const process = startProcess(store);
    expect(await process.call()).toBe(SENDER.email);
    waits.push(`${Math.round(process.waits[0] ?? 0)} ms`);
    return outcomeOf(process);
  }

  for (const weather of WEATHERS) {
    proxy.turn(weather);
    if (weather === 'pass' || weather === 'slow') {
      // Clients take their time to connect again, and so does a machine that has other work.
      outcomes.push(
        await vi.waitFor(
          async () => {
            const outcome = await startAndCall();
            expect(outcome).toBe('keys of the store');
            return outcome;
          },
          { timeout: 30_000, interval: 500 },
        ),
      );
    } else {
      outcomes.push(await startAndCall());
    }
  }
  return { way: way.way, outcomes, waits };
}

function outcomeOf({ events }: Process): Outcome {
  const refreshed = events.find((event) => event.type === 'keys_refreshed') ?? expect.fail('There are no keys.');
  if (refreshed.source === 'store') {
    return 'keys of the store';
  }
  const told = events.find((event) => event.type === 'keys_store_failed') ?? expect.fail('Nobody was told.');
  // Some clients make nothing of a read that failed, and tell of the write.
  expect(told).toMatchObject(told.operation === 'get' ? { gave: 'nothing' } : { operation: 'set' });
  return told.error.message === 'The key set store did not answer in time.'
    ? 'keys of Google, and the store was slow'
    : 'keys of Google, and the store failed';
}
