// A service on Bun that one service account may call.
import { type GoogleIdTokenVerifierOptions, requireGoogleIdToken, serviceAccount } from '@id-token-guard/fetch';

/** What is used of Bun; the package @types/bun has the rest. */
declare const Bun: { serve(options: { port: number; fetch: (request: Request) => Promise<Response> }): { url: URL } };

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
  const { url } = Bun.serve({ port: 3000, fetch: createHandler() });
  console.log(`Listening on ${url}`);
}
