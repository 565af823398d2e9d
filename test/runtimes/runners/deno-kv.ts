// Deno: a process whose keys come from Deno KV, or from the key URL. Prints what has happened to them.
import process from 'node:process';
import { createGoogleKeySet, type KeySetEvent } from '@id-token-guard/core';
import { type DenoKvLike, denoKvStore } from '@id-token-guard/core/stores';

interface DenoKv extends DenoKvLike {
  set(key: readonly string[], value: unknown, options?: { expireIn: number }): Promise<unknown>;
  list(selector: { prefix: [] }): AsyncIterable<{ key: readonly unknown[]; value: unknown }>;
  close(): void;
}

declare const Deno: { openKv(path: string): Promise<DenoKv> };

const [url = '', path = '', garbage] = process.argv.slice(2);
const kv = await Deno.openKv(path);
const name = `id-token-guard:keys:${url}`;
if (garbage !== undefined) {
  await kv.set([name], JSON.parse(garbage));
}
const events: KeySetEvent[] = [];
const background: Promise<unknown>[] = [];
const keys = createGoogleKeySet({ url, store: denoKvStore(kv), onEvent: (event) => events.push(event) });
await keys.get('unknown', { waitUntil: (work) => background.push(work) });
await Promise.all(background);
const entries = [];
for await (const { key, value } of kv.list({ prefix: [] })) {
  entries.push({ key, value });
}
kv.close();
console.log(JSON.stringify({ events, entries }));
