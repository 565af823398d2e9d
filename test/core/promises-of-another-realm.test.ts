/*
 * What async functions give need not be an instance of the global `Promise`: zone.js puts its own in that place, and so
 * does the edge runtime of Vercel. Nothing may be taken for a result that is only going to be one.
 */
import { anyCaller, createGoogleIdTokenVerifier, createGuard } from '@id-token-guard/core';
import { createFakeGoogle } from '@id-token-guard/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const AUDIENCE = 'https://api.example.com';
const google = await createFakeGoogle();

beforeEach(() => {
  vi.stubGlobal('Promise', class extends Promise<unknown> {});
});

afterEach(() => {
  vi.unstubAllGlobals();
});

const rules = [
  ['a rule that answers at once', anyCaller],
  ['a rule that takes its time', async () => true as const],
] as const;

test.each(rules)('a good token is admitted, and so it is again: %s', async (_name, callers) => {
  const verifier = createGoogleIdTokenVerifier({ audience: AUDIENCE, callers, keys: google.keySet() });
  const guard = createGuard([verifier], ({ code }) => code);
  const authorization = `Bearer ${await google.idToken({ aud: AUDIENCE })}`;

  for (const _time of ['new', 'known']) {
    const admission = await guard.admit(() => ({ authorization }), {});
    expect(admission).toMatchObject({ outcome: 'admitted', googleIdToken: { claims: { aud: AUDIENCE } } });
  }
});

test.each(rules)('a token for another audience is refused: %s', async (_name, callers) => {
  const verifier = createGoogleIdTokenVerifier({ audience: AUDIENCE, callers, keys: google.keySet() });
  const guard = createGuard([verifier], ({ code }) => code);
  const authorization = `Bearer ${await google.idToken({ aud: 'https://other.example.com' })}`;

  const admission = await guard.admit(() => ({ authorization }), {});
  expect(admission).toEqual({ outcome: 'refused', answer: 'audience_mismatch' });
});
