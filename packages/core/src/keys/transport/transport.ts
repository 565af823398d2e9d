/** What a key URL answers, before anything of it is believed. The body has not been read. */
export interface KeyAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  /** A stream of the Web or of Node.js, decompressed; nothing where there is no body. */
  readonly body: unknown;
}

/** Asks a key URL with GET, without redirects, and for an answer that no cache has kept. */
export type Transport = (url: string, signal: AbortSignal) => Promise<KeyAnswer>;

/**
 * `no-cache` asks caches not to answer out of themselves (RFC 9111 §5.2.1.4). The directive after it means nothing to
 * them (§5.2.3); the caches of frameworks, which know no directives, take requests with different headers for different.
 *
 * Not the `cache` option of `fetch`: Workers with an old compatibility date throw on it.
 */
export function requestHeaders(): Record<string, string> {
  return { accept: 'application/json', 'cache-control': `no-cache, request=${crypto.randomUUID()}` };
}
