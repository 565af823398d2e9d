/** Tells whether this is Cloudflare Workers, with or without its compatibility with Node.js. */
export function isCloudflareWorkers(): boolean {
  // Workers with an old compatibility date have no navigator.
  return globalThis.navigator?.userAgent === 'Cloudflare-Workers' || 'WebSocketPair' in globalThis;
}
