/*
 * Which clients fit which store, checked by the compiler: this file compiles as long as they fit, and never runs.
 */
import { cacheApiStore, cloudflareKvStore, redisStore } from '@id-token-guard/core/stores';
import type { Redis, Cluster as RedisCluster } from 'ioredis';
import { createClient, createClientPool, createCluster, createSentinel } from 'redis';

redisStore(createClient());
redisStore(createClient({ RESP: 3 }));
redisStore(createClientPool());
redisStore(createCluster({ rootNodes: [] }));
redisStore(createSentinel({ name: 'main', sentinelRootNodes: [] }));

declare const ioredis: Redis;
redisStore(ioredis);
declare const cluster: RedisCluster;
redisStore(cluster, { prefix: 'staging:' });

/** The overloads that count here, as `@cloudflare/workers-types` has them. */
interface KVNamespace {
  get(key: string, options?: { cacheTtl?: number }): Promise<string | null>;
  get<Value>(key: string, type: 'json'): Promise<Value | null>;
  get(keys: string[], type?: 'text'): Promise<Map<string, string | null>>;
  put(
    key: string,
    value: string | ArrayBuffer | ReadableStream,
    options?: { expiration?: number; expirationTtl?: number; metadata?: unknown },
  ): Promise<void>;
}
declare const namespace: KVNamespace;
cloudflareKvStore(namespace);
cloudflareKvStore(namespace, { prefix: 'staging:' });

declare const caches: CacheStorage & { readonly default: Cache };
cacheApiStore(caches.default);
cacheApiStore(await caches.open('google-keys'));

// @ts-expect-error A cache is opened before it is used.
cacheApiStore(caches.open('google-keys'));

// @ts-expect-error A namespace is no Redis client.
redisStore(namespace);

// @ts-expect-error A cache is no namespace.
cloudflareKvStore(caches.default);
