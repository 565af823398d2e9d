import type { KeySetStore } from '../keys/key-set.ts';
import { hasMethods } from './options.ts';

/** What is used of a cache of the Cache API. */
export interface CacheLike {
  match(url: string): Promise<{ text(): Promise<string> } | undefined>;
  put(url: string, response: Response): Promise<unknown>;
}

/**
 * The Cache API keeps responses under URLs. Under this host nobody can ever be asked (RFC 6761 §6.4): where the cache
 * is the one that `fetch` reads through, as `caches.default` of Cloudflare Workers, no fetched response gets in here.
 */
const URL_PREFIX = 'https://id-token-guard.invalid/';

/**
 * Shares keys through the Cache API: `caches.default` on Cloudflare Workers, `await caches.open(name)` there and on
 * Deno.
 *
 * It does not reach far: on Workers a cache is that of one data centre, on Deno that of one machine. Deno keeps keys
 * that are too old until newer ones come; they are not used. It does not sign what it keeps: whoever can write to this
 * cache can make tokens pass.
 *
 * @throws TypeError where it is not a cache
 */
export function cacheApiStore(cache: CacheLike): KeySetStore {
  if (!hasMethods(cache, 'match', 'put')) {
    throw new TypeError(
      'cacheApiStore() takes a cache, such as caches.default or await caches.open(name): with the methods match and put.',
    );
  }
  return {
    async get(name) {
      const response = await cache.match(URL_PREFIX + encodeURIComponent(name));
      return response?.text();
    },
    set: (name, text, ttlSeconds) =>
      cache.put(
        URL_PREFIX + encodeURIComponent(name),
        new Response(text, { headers: { 'cache-control': `max-age=${ttlSeconds}` } }),
      ),
  };
}
