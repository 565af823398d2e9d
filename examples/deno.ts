// A service on Deno that one service account may call.
//
// deno run --allow-net=0.0.0.0:3000,www.googleapis.com deno.ts
import { type GoogleIdTokenVerifierOptions, requireGoogleIdToken, serviceAccount } from '@id-token-guard/fetch';

/** What is used of Deno; it brings these types itself. */
declare const Deno: { serve(options: { port: number }, handler: (request: Request) => Promise<Response>): unknown };

/** `options` is for tests, which bring keys of their own. */
export function createHandler(options: Pick<GoogleIdTokenVerifierOptions, 'keys' | 'onEvent'> = {}) {
  const guard = requireGoogleIdToken({
    audience: 'https://api.example.com',
    callers: serviceAccount('sender@my-project.iam.gserviceaccount.com'),
    ...options,
  });
  return guard((_request, { caller }) => Response.json({ hello: caller }));
}

if (import.meta.main) {
  Deno.serve({ port: 3000 }, createHandler());
}
