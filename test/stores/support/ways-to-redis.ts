/*
 * Every way in which a store may reach a Redis, each with the real client.
 */

import type { KeySetStore } from '@id-token-guard/core';
import { keyvStore, redisStore, type StoreOptions, unstorageStore, upstashStore } from '@id-token-guard/core/stores';
import KeyvRedis from '@keyv/redis';
import { Redis as UpstashRedis } from '@upstash/redis';
import { Redis as UpstashRedisForWorkers } from '@upstash/redis/cloudflare';
import { Keyv } from 'keyv';
import { Keyv as Keyv6 } from 'keyv-6';
import { createStorage } from 'unstorage';
import unstorageRedis from 'unstorage/drivers/redis';
import { onTestFinished } from 'vitest';
import { connectIoredis, connectNodeRedis } from './redis-clients.ts';
import { startUpstash, UPSTASH_TOKEN } from './upstash-server.ts';

type MakeStore = (options?: StoreOptions) => KeySetStore;

export interface Way {
  readonly way: string;
  /** Starts what stands before Redis, if anything does, until the end of the test. Returns the port to connect to. */
  serve(redisPort: number): Promise<number>;
  /** Connects a client until the end of the test. */
  connect(port: number): Promise<MakeStore>;
  /** The key in Redis for what a key set keeps under a name. */
  keyOf(name: string, prefix?: string): string;
  /** The client says that there is nothing where it could not read. */
  readonly hidesFailures?: true;
}

const directly = {
  serve: async (redisPort: number) => redisPort,
  keyOf: (name: string, prefix = '') => prefix + name,
};

const upstashOptions = (port: number) => ({
  url: `http://127.0.0.1:${port}`,
  token: UPSTASH_TOKEN,
  enableTelemetry: false,
});

export const waysToRedis: readonly Way[] = [
  {
    ...directly,
    way: 'redisStore() with a client of redis',
    async connect(port) {
      const client = await connectNodeRedis(port);
      return (options) => redisStore(client, options);
    },
  },
  {
    ...directly,
    way: 'redisStore() with a client of ioredis',
    async connect(port) {
      const client = await connectIoredis(port);
      return (options) => redisStore(client, options);
    },
  },
  {
    ...directly,
    way: 'redisStore() with a client of @upstash/redis',
    serve: startUpstash,
    connect: async (port) => (options) => redisStore(new UpstashRedis(upstashOptions(port)), options),
  },
  {
    ...directly,
    way: 'upstashStore() with a client of @upstash/redis',
    serve: startUpstash,
    connect: async (port) => (options) => upstashStore(new UpstashRedis(upstashOptions(port)), options),
  },
  {
    ...directly,
    way: 'upstashStore() with a client of @upstash/redis/cloudflare that parses nothing',
    serve: startUpstash,
    connect: async (port) => (options) =>
      upstashStore(new UpstashRedisForWorkers({ ...upstashOptions(port), automaticDeserialization: false }), options),
  },
  {
    ...directly,
    way: 'keyvStore() with Keyv 5 and @keyv/redis',
    async connect(port) {
      const keyv = new Keyv({ store: keyvRedis(port) });
      keyv.on('error', () => {});
      return (options) => keyvStore(keyv, options);
    },
    keyOf: (name, prefix = '') => `keyv::keyv:${prefix}${name}`,
    hidesFailures: true,
  },
  {
    ...directly,
    way: 'keyvStore() with Keyv 6 and @keyv/redis',
    async connect(port) {
      const keyv = new Keyv6({ store: keyvRedis(port) });
      keyv.on('error', () => {});
      return (options) => keyvStore(keyv, options);
    },
    hidesFailures: true,
  },
  {
    ...directly,
    way: 'unstorageStore() with the driver for Redis',
    async connect(port) {
      const storage = createStorage({ driver: unstorageRedis({ host: '127.0.0.1', port }) });
      const { driver } = storage.getMount();
      driver.getInstance?.().on('error', () => {});
      onTestFinished(() => storage.dispose());
      return (options) => unstorageStore(storage, options);
    },
    keyOf: (name, prefix = '') => prefix + encodeURIComponent(name),
  },
];

function keyvRedis(port: number): KeyvRedis<string> {
  const adapter = new KeyvRedis<string>(`redis://127.0.0.1:${port}`);
  onTestFinished(() => adapter.disconnect(true));
  return adapter;
}
