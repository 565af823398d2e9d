import { GOOGLE_JWKS_URL } from '@id-token-guard/core';
import type { RequestHandler } from 'msw';

/** msw is optional: where it is not installed, this is the error to throw when its handlers are asked for. */
export async function createMswHandlers(
  answer: (signal: AbortSignal) => Promise<Response>,
): Promise<RequestHandler[] | Error> {
  try {
    const { http } = await import('msw');
    return [http.get(GOOGLE_JWKS_URL, ({ request }) => answer(request.signal))];
  } catch (cause) {
    return new Error('google.handlers needs msw: install it as a dev dependency.', { cause });
  }
}
