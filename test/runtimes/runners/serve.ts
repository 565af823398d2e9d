// Deno and Bun: their own servers behind a guard whose audience is the URL of the request. Prints the port.
import process from 'node:process';
import { requestUrl, serviceAccount, staticKeySet } from '@id-token-guard/core';
import { requireGoogleIdToken } from '@id-token-guard/fetch';

type Fetch = (request: Request) => Promise<Response>;

declare const Deno:
  | { serve(options: { port: 0; hostname: string; onListen(address: { port: number }): void }, fetch: Fetch): unknown }
  | undefined;
declare const Bun: { serve(options: { port: 0; hostname: string; fetch: Fetch }): { port: number } };

const { jwks, email, origins } = JSON.parse(`${process.argv[2]}`);
const guard = requireGoogleIdToken({
  audience: requestUrl({ origins }),
  callers: serviceAccount(email),
  keys: staticKeySet(jwks),
});
const fetch: Fetch = guard(async (request) => new Response(new URL(request.url).pathname));
const hostname = '127.0.0.1';
const tell = (port: number) => console.log(port);

if (typeof Deno === 'undefined') {
  tell(Bun.serve({ port: 0, hostname, fetch }).port);
} else {
  Deno.serve({ port: 0, hostname, onListen: ({ port }) => tell(port) }, fetch);
}
