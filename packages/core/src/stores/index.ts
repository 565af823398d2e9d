export { type CacheLike, cacheApiStore } from './cache-api.ts';
export { cloudflareKvStore, type KvNamespaceLike } from './cloudflare-kv.ts';
export type { StoreOptions } from './options.ts';
export { type IoredisLike, type NodeRedisLike, redisStore } from './redis.ts';
