/*
 * A Worker behind the guard, with keys from a store. It answers who called and what has happened in its key set.
 */
import { createGoogleKeySet, type KeySetEvent, serviceAccount } from '@id-token-guard/core';
import {
  type CacheLike,
  cacheApiStore,
  cloudflareKvStore,
  type KvNamespaceLike,
  unstorageStore,
  upstashStore,
} from '@id-token-guard/core/stores';
import { requireGoogleIdToken } from '@id-token-guard/fetch';
import { Redis } from '@upstash/redis/cloudflare';
import { createStorage } from 'unstorage';
import cloudflareKvBinding from 'unstorage/drivers/cloudflare-kv-binding';
import { AUDIENCE, SENDER } from './callers.ts';

export interface Env {
  readonly KEYS: KvNamespaceLike;
  readonly STORE: 'kv' | 'default cache' | 'named cache' | 'unstorage on kv' | 'upstash';
  readonly UPSTASH_TOKEN: string;
}

/** Where the Worker finds Upstash. The tests lead it to a server on loopback. */
export const UPSTASH_URL = 'https://upstash.example.com';

/** What the Worker answers. */
export interface Answer {
  readonly caller: string;
  readonly events: readonly KeySetEvent[];
}

type Handler = (request: Request, env: Env, context: object) => Promise<Response>;

let handler: Handler | undefined;

export const worker = {
  async fetch(request: Request, env: Env, context: object): Promise<Response> {
    handler ??= await createHandler(env);
    return handler(request, env, context);
  },
};

async function createHandler(env: Env): Promise<Handler> {
  const events: KeySetEvent[] = [];
  const store = await storeOf(env);
  const guard = requireGoogleIdToken({
    audience: AUDIENCE,
    callers: serviceAccount(SENDER.email),
    keys: createGoogleKeySet({
      url: 'https://fake-google.invalid/oauth2/v3/certs',
      store,
      onEvent: (event) => events.push(event),
    }),
  });
  return guard(async (_request, { claims }, _env: Env, _context: object) =>
    Response.json({ caller: `${claims.email}`, events } satisfies Answer),
  );
}

async function storeOf({ STORE, KEYS, UPSTASH_TOKEN }: Env) {
  switch (STORE) {
    case 'kv':
      return cloudflareKvStore(KEYS);
    case 'default cache':
      return cacheApiStore((caches as CacheStorage & { readonly default: CacheLike }).default);
    case 'named cache':
      return cacheApiStore(await caches.open('google-keys'));
    case 'unstorage on kv':
      return unstorageStore(createStorage({ driver: cloudflareKvBinding({ binding: KEYS as never }) }));
    case 'upstash':
      return upstashStore(new Redis({ url: UPSTASH_URL, token: UPSTASH_TOKEN }));
  }
}
