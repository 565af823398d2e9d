/*
 * Two isolates of one Worker in workerd, the runtime of Cloudflare Workers, with a fake Google instead of the internet.
 */
import { fileURLToPath } from 'node:url';
import type { KvNamespaceLike } from '@id-token-guard/core/stores';
import type { FakeGoogle } from '@id-token-guard/testing';
import { build } from 'esbuild';
import { Miniflare, Response } from 'miniflare';
import { onTestFinished } from 'vitest';
import { AUDIENCE, SENDER } from './callers.ts';
import { STORED_NAME } from './fleet.ts';
import { UPSTASH_TOKEN } from './upstash-server.ts';
import type { Answer, Env } from './worker.ts';

/** A Redis behind the REST protocol of Upstash. */
export interface UpstashRedis extends Stored {
  readonly port: number;
}

export interface Isolates {
  /** Sends a request with a good token to one of the two. */
  call(isolate: 'first' | 'second'): Promise<Answer>;
  /** What is in the store that they share. */
  readonly stored: Stored;
  readonly namespace: KvNamespace;
  readonly defaultCache: Cache;
}

export interface Stored {
  read(): Promise<string | null | undefined>;
  write(text: string): Promise<unknown>;
}

interface KvNamespace extends KvNamespaceLike {
  put(key: string, value: string, options?: { expirationTtl: number }): Promise<void>;
  list(): Promise<{ keys: { name: string; expiration?: number }[] }>;
}

/** Where `cacheApiStore()` keeps the keys. */
export const STORED_URL = `https://id-token-guard.invalid/${encodeURIComponent(STORED_NAME)}`;

const script = await bundle();

/** Runs them until the end of the test. */
export async function startIsolates(
  google: FakeGoogle,
  store: Env['STORE'],
  upstash?: UpstashRedis,
): Promise<Isolates> {
  const isolate = (name: string) => ({
    name,
    modules: true,
    script,
    compatibilityDate: '2026-01-01',
    bindings: { STORE: store, UPSTASH_TOKEN },
    kvNamespaces: { KEYS: 'keys' },
    outboundService: async (request: { url: string; headers: Iterable<[string, string]>; text(): Promise<string> }) => {
      const { hostname, pathname } = new URL(request.url);
      const answer =
        hostname === 'upstash.example.com'
          ? await fetch(`http://127.0.0.1:${upstash?.port}${pathname}`, {
              method: 'POST',
              headers: [...request.headers],
              body: await request.text(),
            })
          : await google.fetch(request.url);
      return new Response(await answer.text(), { status: answer.status, headers: [...answer.headers] });
    },
  });
  const miniflare = new Miniflare({ cf: false, workers: [isolate('first'), isolate('second')] });
  onTestFinished(() => miniflare.dispose());
  const namespace = (await miniflare.getKVNamespace('KEYS', 'first')) as unknown as KvNamespace;
  const caches = (await miniflare.getCaches()) as unknown as CacheStorage & { readonly default: Cache };

  return {
    namespace,
    defaultCache: caches.default,
    stored: {
      kv: storedInKv(namespace, STORED_NAME),
      'unstorage on kv': storedInKv(namespace, encodeURIComponent(STORED_NAME)),
      upstash: upstash as UpstashRedis,
      'default cache': storedIn(caches.default),
      'named cache': storedIn(await caches.open('google-keys')),
    }[store],
    async call(name) {
      const worker = (await miniflare.getWorker(name)) as unknown as { fetch: typeof fetch };
      const authorization = `Bearer ${await google.idToken({ aud: AUDIENCE, ...SENDER })}`;
      const response = await worker.fetch(AUDIENCE, { headers: { authorization } });
      return (await response.json()) as Answer;
    },
  };
}

function storedInKv(namespace: KvNamespaceLike, name: string): Stored {
  return {
    read: async () => (await namespace.get(name)) as string | null,
    write: (text) => namespace.put(name, text, { expirationTtl: 3600 }),
  };
}

function storedIn(cache: Cache): Stored {
  return {
    read: async () => (await cache.match(STORED_URL))?.text(),
    write(text) {
      const response = new Response(text, { headers: { 'cache-control': 'max-age=60' } });
      return cache.put(STORED_URL, response as unknown as globalThis.Response);
    },
  };
}

async function bundle(): Promise<string> {
  const resolveDir = fileURLToPath(new URL('.', import.meta.url));
  const { outputFiles } = await build({
    stdin: { contents: `export { worker as default } from './worker.ts';`, resolveDir },
    bundle: true,
    format: 'esm',
    target: 'es2022',
    write: false,
  });
  return `${outputFiles[0]?.text}`;
}
