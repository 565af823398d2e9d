import type { KeySetStore } from '@id-token-guard/core';
import { redisStore, type StoreOptions } from '@id-token-guard/core/stores';
import { Cluster, Redis } from 'ioredis';
import { createCluster, createSentinel } from 'redis';
import { expect, onTestFinished, test, vi } from 'vitest';
import { SENDER } from './support/callers.ts';
import { createFleet } from './support/fleet.ts';
import { SENTINEL_NAME, startCluster, startWatchedRedis } from './support/redis-groups.ts';
import { redisServerIsInstalled } from './support/redis-server.ts';

if (!redisServerIsInstalled) {
  console.warn('Skipped: Redis clusters and Sentinels, because there is no redis-server on the PATH.');
}

test.skipIf(!redisServerIsInstalled)(
  'a Redis cluster that loses the server with the keys harms no token, and is used again',
  async () => {
    const { ports, killOwnerOf } = await startCluster();
    // What is in braces says which server has a key.
    const inPlace = (library: string): StoreOptions => ({ prefix: `{one}${library}:` });
    const nodeRedis = createCluster({ rootNodes: ports.map((port) => ({ url: `redis://127.0.0.1:${port}` })) });
    nodeRedis.on('error', () => {});
    onTestFinished(() => nodeRedis.destroy());
    const ioredis = new Cluster(ports.map((port) => ({ host: '127.0.0.1', port })));
    ioredis.on('error', () => {});
    onTestFinished(() => ioredis.disconnect());

    await loseServerUnder(
      [redisStore(await nodeRedis.connect(), inPlace('redis')), redisStore(ioredis, inPlace('ioredis'))],
      () => killOwnerOf('{one}'),
    );
  },
  90_000,
);

test.skipIf(!redisServerIsInstalled)(
  'a Redis behind a Sentinel that loses its server harms no token, and is used again',
  async () => {
    const { sentinelPort, killMaster } = await startWatchedRedis();
    const sentinels = [{ host: '127.0.0.1', port: sentinelPort }];
    const nodeRedis = createSentinel({ name: SENTINEL_NAME, sentinelRootNodes: sentinels });
    nodeRedis.on('error', () => {});
    onTestFinished(() => nodeRedis.destroy());
    const ioredis = new Redis({ name: SENTINEL_NAME, sentinels });
    ioredis.on('error', () => {});
    onTestFinished(() => ioredis.disconnect());

    await loseServerUnder(
      [redisStore(await nodeRedis.connect(), { prefix: 'redis:' }), redisStore(ioredis, { prefix: 'ioredis:' })],
      killMaster,
    );
  },
  90_000,
);

/** Stores with keys in them lose the server that has them, and get another one in its place. */
async function loseServerUnder(stores: readonly KeySetStore[], kill: () => Promise<void>): Promise<void> {
  const fleets = await Promise.all(
    stores.map(async (store) => {
      const { google, startProcess } = await createFleet();
      expect(await startProcess(store).call()).toBe(SENDER.email);
      const second = startProcess(store);
      expect(await second.call()).toBe(SENDER.email);
      expect(second.events).toMatchObject([{ type: 'keys_refreshed', source: 'store' }]);
      expect(google.jwksRequests).toBe(1);
      return () => startProcess(store);
    }),
  );
  await kill();
  await Promise.all(
    fleets.map(async (start) => {
      const during = start();
      expect(await during.call()).toBe(SENDER.email);
      console.log(`A verification waited ${Math.round(during.waits[0] ?? 0)} ms.`);
      const source = during.events.flatMap((event) => (event.type === 'keys_refreshed' ? event.source : []));
      const told = during.events.flatMap((event) => (event.type === 'keys_store_failed' ? event.operation : []));
      // The other server may be in place within the second.
      expect({ source, told: told.includes('get') }).toBeOneOf([
        { source: ['google'], told: true },
        { source: ['store'], told: false },
      ]);
      await vi.waitFor(
        async () => {
          const after = start();
          expect(await after.call()).toBe(SENDER.email);
          expect(after.events).toMatchObject([{ type: 'keys_refreshed', source: 'store' }]);
        },
        { timeout: 30_000, interval: 250 },
      );
    }),
  );
}
