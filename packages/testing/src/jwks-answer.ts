import type { PublicJwk } from './signing-key.ts';

/**
 * How the fake Google answers requests for its keys: `ok`, `outage` (503), `hang` (never), `html` (a 200 that is not
 * JSON), `empty` (no keys); or a function that makes the answer.
 */
export type JwksAnswer = 'ok' | 'outage' | 'hang' | 'html' | 'empty' | (() => Response | Promise<Response>);

/** As Google sends it: a lifetime of some hours. */
const CACHE_CONTROL = 'public, max-age=19845, must-revalidate, no-transform';

/** The answer to a request for these keys. One that hangs ends with the request, whose `signal` it is. */
export async function answerJwks(
  answer: JwksAnswer,
  keys: readonly PublicJwk[],
  signal?: AbortSignal | null,
): Promise<Response> {
  switch (answer) {
    case 'ok':
      return json({ keys });
    case 'empty':
      return json({ keys: [] });
    case 'outage':
      return new Response('Service Unavailable', { status: 503 });
    case 'html':
      return new Response('<!doctype html><title>Sorry</title>', { headers: { 'content-type': 'text/html' } });
    case 'hang':
      return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason), { once: true }));
    default:
      return answer();
  }
}

function json(value: unknown): Response {
  return new Response(JSON.stringify(value, null, 2), {
    headers: { 'content-type': 'application/json; charset=UTF-8', 'cache-control': CACHE_CONTROL },
  });
}
