import {
  GoogleIdTokenError,
  type GoogleIdTokenErrorCode,
  type GoogleIdTokenVerifier,
  toRefusal,
} from '@id-token-guard/core';
import { requireGoogleIdToken as guardFetch } from '@id-token-guard/fetch';
import { requireGoogleIdToken as guardHono } from '@id-token-guard/hono';
import { refusedRequests } from '@id-token-guard/testing';
import { Hono } from 'hono';
import { type Check, expectEqual } from './check.ts';
import { AUDIENCE, type Kit, SENDER } from './kit.ts';

type App = (request: Request) => Response | Promise<Response>;

/** Guards a handler that answers with the caller's e-mail, and tells of each time that it runs. */
type Guarding = (verifier: GoogleIdTokenVerifier, onHandled: () => void) => App;

const ADAPTERS: Readonly<Record<string, Guarding>> = {
  fetch: (verifier, onHandled) =>
    guardFetch(verifier)((_request, { claims }) => {
      onHandled();
      return new Response(claims.email);
    }),
  hono: (verifier, onHandled) => {
    const app = new Hono().use(guardHono(verifier)).get('/push', (c) => {
      onHandled();
      return c.text(`${c.get('googleIdToken').claims.email}`);
    });
    return (request) => app.fetch(request);
  },
};

/** One check per error code: whoever adds a code is asked for it here by the compiler. */
const CODES: Readonly<Record<GoogleIdTokenErrorCode, true>> = {
  token_missing: true,
  request_invalid: true,
  token_malformed: true,
  algorithm_unsupported: true,
  key_unknown: true,
  signature_removed: true,
  signature_invalid: true,
  claim_invalid: true,
  issuer_mismatch: true,
  audience_mismatch: true,
  token_expired: true,
  token_not_yet_valid: true,
  caller_not_allowed: true,
  keys_unavailable: true,
};

async function letsThrough({ startService }: Kit, guard: Guarding): Promise<void> {
  const service = startService();
  let handled = 0;
  const app = guard(service.verifier, () => {
    handled += 1;
  });

  const response = await app(requestWith({ authorization: `Bearer ${await service.token()}` }));

  expectEqual([response.status, await response.text(), handled], [200, SENDER.email, 1]);
}

async function refuses({ google, startService }: Kit, guard: Guarding, code: GoogleIdTokenErrorCode): Promise<void> {
  const service = startService();
  let handled = 0;
  const app = guard(service.verifier, () => {
    handled += 1;
  });
  const requests = await refusedRequests(google, { audience: AUDIENCE, claims: SENDER });
  const request = requests.find((candidate) => candidate.code === code);
  await service.verifier.keys.preload();
  google.answerWith(request?.jwks ?? 'ok');

  const response = await app(requestWith(request?.headers ?? {}));

  // That these are the right bytes is for the tests of the adapters; here every runtime must send them.
  const { headers, body } = toRefusal(new GoogleIdTokenError(code));
  expectEqual(
    {
      status: response.status,
      challenge: response.headers.get('www-authenticate'),
      contentType: response.headers.get('content-type'),
      cacheControl: response.headers.get('cache-control'),
      hasRetryAfter: response.headers.has('retry-after'),
      body: await response.text(),
      handled,
    },
    {
      status: request?.status,
      challenge: headers['www-authenticate'] ?? null,
      contentType: headers['content-type'],
      cacheControl: headers['cache-control'],
      hasRetryAfter: code === 'keys_unavailable',
      body,
      handled: 0,
    },
  );
}

function requestWith(headers: Readonly<Record<string, string>>): Request {
  return new Request(AUDIENCE, { headers });
}

export const adapterChecks: readonly Check[] = Object.entries(ADAPTERS).flatMap(([name, guard]): Check[] => [
  { name: `${name}: lets a good token through to the handler`, run: (kit) => letsThrough(kit, guard) },
  ...(Object.keys(CODES) as GoogleIdTokenErrorCode[]).map((code) => ({
    name: `${name}: refuses with ${code}`,
    run: (kit: Kit) => refuses(kit, guard, code),
  })),
]);
