export { type CacheLike, cacheApiStore } from './cache-api.ts';
export { cloudflareKvStore, type KvNamespaceLike } from './cloudflare-kv.ts';
export { type DenoKvLike, denoKvStore } from './deno-kv.ts';
export { type KeyvLike, keyvStore } from './keyv.ts';
export type { StoreOptions } from './options.ts';
export { type IoredisLike, type NodeRedisLike, redisStore } from './redis.ts';
export { type UnstorageLike, unstorageStore } from './unstorage.ts';
export { type UpstashRedisLike, upstashStore } from './upstash.ts';
