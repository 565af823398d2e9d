/*
 * Which clients fit which store, checked by the compiler: this file compiles as long as they fit, and never runs.
 */
import {
  cacheApiStore,
  cloudflareKvStore,
  denoKvStore,
  keyvStore,
  redisStore,
  unstorageStore,
  upstashStore,
} from '@id-token-guard/core/stores';
import type { Redis as UpstashRedis } from '@upstash/redis';
import type { Redis as UpstashRedisForWorkers } from '@upstash/redis/cloudflare';
import type { Redis, Cluster as RedisCluster } from 'ioredis';
import type { Keyv } from 'keyv';
import type { Keyv as Keyv6 } from 'keyv-6';
import { createClient, createClientPool, createCluster, createSentinel, RESP_TYPES } from 'redis';
import type { Storage } from 'unstorage';

redisStore(createClient());
redisStore(createClient({ RESP: 3 }));
redisStore(createClient().withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer }));
redisStore(createClientPool());
redisStore(createCluster({ rootNodes: [] }));
redisStore(createSentinel({ name: 'main', sentinelRootNodes: [] }));

declare const ioredis: Redis;
redisStore(ioredis);
declare const cluster: RedisCluster;
redisStore(cluster, { prefix: 'staging:' });

declare const upstash: UpstashRedis;
redisStore(upstash);
upstashStore(upstash, { prefix: 'staging:' });
declare const upstashForWorkers: UpstashRedisForWorkers;
upstashStore(upstashForWorkers);

declare const keyv: Keyv;
keyvStore(keyv, { prefix: 'staging:' });
declare const keyv6: Keyv6;
keyvStore(keyv6);

declare const storage: Storage;
unstorageStore(storage, { prefix: 'staging:' });

/** What counts here, as `Deno.Kv` has it. */
interface DenoKv {
  get<Value>(
    key: readonly (Uint8Array | string | number | bigint | boolean)[],
    options?: { consistency?: 'strong' | 'eventual' },
  ): Promise<{ value: Value; versionstamp: string } | { value: null; versionstamp: null }>;
  set(
    key: readonly (Uint8Array | string | number | bigint | boolean)[],
    value: unknown,
    options?: { expireIn?: number },
  ): Promise<{ ok: true; versionstamp: string }>;
}
declare const denoKv: DenoKv;
denoKvStore(denoKv, { prefix: 'staging:' });

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

// @ts-expect-error A client of redis has setEx.
upstashStore(createClient());

// @ts-expect-error A map waits for nobody, and keeps everything.
keyvStore(new Map<string, string>());

// @ts-expect-error Deno KV has lists for keys.
keyvStore(denoKv);

// @ts-expect-error A database is opened before it is used.
denoKvStore(Promise.resolve(denoKv));

// @ts-expect-error Keyv is no storage of unstorage.
unstorageStore(keyv);
