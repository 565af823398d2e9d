import { setTimeout as sleep } from 'node:timers/promises';
import type { KeySetStore } from '@id-token-guard/core';
import { redisStore } from '@id-token-guard/core/stores';
import { createClient } from '@redis/client';
import type { Logger } from 'pino';
import { wrong } from './config.ts';
import { messageOf } from './log-event.ts';

/** A store in Redis, with the connection that it needs. */
export interface RedisKeyStore {
  readonly store: KeySetStore;
  close(): void;
}

/** The first keys are looked for in Redis before they are fetched; but not for longer than this. In milliseconds. */
const CONNECT_WAIT = 1000;
const MAX_RECONNECT_DELAY = 5000;

/** How long a guard that found no keys has the fetch for itself, and how long the others wait for it. In milliseconds. */
const FETCH_LOCK = 5000;
const FETCH_WAIT = 800;
const POLL = 50;

/**
 * Connects, and reconnects for as long as it is open. While Redis is away each guard fetches for itself.
 *
 * @throws ConfigError
 */
export async function openRedisKeyStore(url: string, logger: Logger): Promise<RedisKeyStore> {
  const client = clientOf(url);
  let isDown = false;
  client.on('error', (error: Error) => {
    if (!isDown) {
      logger.warn({ error: messageOf(error) }, 'Redis cannot be reached: each guard fetches keys for itself');
    }
    isDown = true;
  });
  client.on('ready', () => {
    isDown = false;
    logger.info('connected to Redis');
  });
  const stopped = new AbortController();
  const connected = client.connect().catch(() => {}); // Errors are told above; closing it ends its attempts.
  await Promise.race([connected, sleep(CONNECT_WAIT, undefined, { signal: stopped.signal }).catch(() => {})]);
  stopped.abort();
  const store = redisStore(client);
  return {
    store: { get, set: store.set },
    close: () => client.destroy(),
  };

  /** Guards that start together would all find nothing: one of them fetches, and the others wait for what it puts here. */
  async function get(name: string): Promise<unknown> {
    const text = await store.get(name);
    if (text !== null || (await takesFetch(name))) {
      return text;
    }
    const end = performance.now() + FETCH_WAIT;
    while (performance.now() < end) {
      await sleep(POLL);
      const found = await store.get(name);
      if (found !== null) {
        return found;
      }
    }
    return null;
  }

  async function takesFetch(name: string): Promise<boolean> {
    const lock = { condition: 'NX', expiration: { type: 'PX', value: FETCH_LOCK } } as const;
    return (await client.set(`${name}:fetching`, '1', lock)) !== null;
  }
}

function clientOf(url: string) {
  try {
    return createClient({
      url,
      disableOfflineQueue: true,
      socket: {
        connectTimeout: CONNECT_WAIT,
        reconnectStrategy: (attempts) => Math.min(100 * 2 ** attempts, MAX_RECONNECT_DELAY),
      },
    });
  } catch {
    // Its own message has the URL in it, and that may have a password.
    throw wrong('redis', 'must be a URL such as "redis://127.0.0.1:6379" or "unix:///run/redis.sock".');
  }
}
