import { fetchTransport } from './fetch.ts';
import { nodeTransport } from './node-https.ts';
import type { Transport } from './transport.ts';
import { isUndiciUntouched } from './undici.ts';

/**
 * What brings keys where nobody has said so: on Node.js `node:https`, elsewhere `fetch`. Also on Node.js where somebody
 * has put something in the place of `fetch`, or of what it works with, for a test or a proxy: that must not be passed by.
 * Looked at for each request.
 */
export const defaultTransport: Transport = (url, signal) => {
  const isOurs = isNodes(globalThis.fetch) && isUndiciUntouched();
  const transport = (isOurs ? nodeTransport(url) : undefined) ?? overFetch;
  return transport(url, signal);
};

const overFetch = fetchTransport((input, init) => globalThis.fetch(input, init));

/**
 * Whether this is the `fetch` that Node.js has, or one that Next.js has put its cache in front of, which is nothing for
 * keys. There may be none, as in the `jsdom` environment of Jest.
 */
function isNodes(fetch: typeof globalThis.fetch | undefined): boolean {
  return (
    fetch === undefined ||
    '__nextPatched' in fetch ||
    // Node's says in its source what it loads when it is called; whatever wraps it has a source of its own.
    Function.prototype.toString.call(fetch).includes('internal/deps/undici/undici')
  );
}
