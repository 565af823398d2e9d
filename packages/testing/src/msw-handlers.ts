import { GOOGLE_JWKS_URL } from '@id-token-guard/core';

// biome-ignore lint/suspicious/noTsIgnore: it must hold where msw is installed, and where it is not.
/** @ts-ignore: what msw's `setupServer` takes. msw is optional; without it there is no type, and asking for them throws. */
export type MswHandlers = import('msw').RequestHandler[];

/** msw is optional: where it is not installed, this is the error to throw when its handlers are asked for. */
export async function createMswHandlers(
  answer: (signal: AbortSignal) => Promise<Response>,
): Promise<MswHandlers | Error> {
  try {
    const { http } = await import('msw');
    return [
      http.get(GOOGLE_JWKS_URL, async ({ request }) => {
        try {
          return await answer(request.signal);
        } catch {
          return Response.error(); // The guard has given up: nobody listens any more.
        }
      }),
    ];
  } catch (cause) {
    return new Error('google.handlers needs msw: install it as a dev dependency.', { cause });
  }
}
