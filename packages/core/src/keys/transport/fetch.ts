import { type KeyAnswer, requestHeaders, type Transport } from './transport.ts';

/** Keys over `fetch`: that of the runtime, or one that somebody has given. */
export function fetchTransport(fetch: typeof globalThis.fetch): Transport {
  return async (url, signal) => {
    // "manual", not "error": Cloudflare Workers do not know the latter. A redirect then has a status other than 200.
    return checkedAnswer(await fetch(url, { redirect: 'manual', signal, headers: requestHeaders() }));
  };
}

/** A function that somebody has given may resolve to anything, as a test's `{ json: async () => … }`. */
function checkedAnswer(response: KeyAnswer): KeyAnswer {
  if (typeof response?.status !== 'number' || typeof response.headers?.get !== 'function') {
    throw new Error('"fetch" resolved to something that is not a Response: new Response(body, { headers }) makes one.');
  }
  return response;
}
