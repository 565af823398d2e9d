/*
 * What docs/testing.md says of each way to answer for Google in a test: the guard, as it is, gets its keys from there,
 * and nothing leaves the process. Whoever passed a stub by would ask Google itself.
 */
import { readFile } from 'node:fs/promises';
import { mock } from 'node:test';
import {
  anyCaller,
  createGoogleIdTokenVerifier,
  createGoogleKeySet,
  GOOGLE_JWKS_URL,
  type KeySet,
} from '@id-token-guard/core';
import { createFakeGoogle, type FakeGoogle } from '@id-token-guard/testing';
import { ModuleMocker } from 'jest-mock';
import { setupServer } from 'msw/node';
import { HttpResponse, http } from 'msw-2';
import { setupServer as setupServer2 } from 'msw-2/node';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { watchNetwork } from '../core/hostile/watch-network.ts';
import { tableIn } from '../runtimes/table.ts';

/** Puts something in Google's place; returns how to take it away. */
type Way = (google: FakeGoogle) => (() => void) | Promise<() => void>;

const { origin, pathname } = new URL(GOOGLE_JWKS_URL);

const WAYS: Readonly<Record<string, Way>> = {
  'msw 3: setupServer(...google.handlers)': (google) => {
    const network = setupServer(...google.handlers);
    network.listen({ onUnhandledFrame: 'error' });
    return () => network.close();
  },
  'msw 2: setupServer(http.get(…))': (google) => {
    const network = setupServer2(http.get(GOOGLE_JWKS_URL, () => HttpResponse.json(google.jwks)));
    network.listen({ onUnhandledRequest: 'error' });
    return () => network.close();
  },
  'undici 8: setGlobalDispatcher(new MockAgent())': async (google) => {
    const undici = await import('undici');
    const before = undici.getGlobalDispatcher();
    const agent = new undici.MockAgent();
    agent.disableNetConnect();
    agent.get(origin).intercept({ path: pathname }).reply(200, google.jwks);
    undici.setGlobalDispatcher(agent);
    return () => undici.setGlobalDispatcher(before);
  },
  'undici 7: setGlobalDispatcher(new MockAgent())': async (google) => {
    const undici7 = await import('undici-7');
    const before = undici7.getGlobalDispatcher();
    const agent = new undici7.MockAgent();
    agent.disableNetConnect();
    agent.get(origin).intercept({ path: pathname }).reply(200, google.jwks);
    undici7.setGlobalDispatcher(agent);
    return () => undici7.setGlobalDispatcher(before);
  },
  "vi.stubGlobal('fetch', google.fetch)": (google) => {
    vi.stubGlobal('fetch', google.fetch);
    return () => vi.unstubAllGlobals();
  },
  "vi.spyOn(globalThis, 'fetch')": (google) => {
    const spy = vi.spyOn(globalThis, 'fetch').mockImplementation(google.fetch);
    return () => spy.mockRestore();
  },
  "jest.spyOn(globalThis, 'fetch')": (google) => {
    const jest = new ModuleMocker(globalThis as never);
    const spy = jest.spyOn(globalThis, 'fetch').mockImplementation(google.fetch);
    return () => spy.mockRestore();
  },
  "mock.method(globalThis, 'fetch') of node:test": (google) => {
    const spy = mock.method(globalThis, 'fetch', google.fetch);
    return () => spy.mock.restore();
  },
  'globalThis.fetch = google.fetch': (google) => {
    const before = globalThis.fetch;
    globalThis.fetch = google.fetch;
    return () => {
      globalThis.fetch = before;
    };
  },
  'nock 14': async (google) => {
    // It takes hold of things when it is imported.
    const { default: nock } = await import('nock');
    nock.disableNetConnect();
    nock(origin).get(pathname).reply(200, google.jwks);
    return () => {
      nock.enableNetConnect();
      nock.restore();
    };
  },
};

const aud = 'https://api.example.com';

/** A verifier as an app has it, without any option for its keys. */
async function verified(google: FakeGoogle, keys: KeySet = createGoogleKeySet()): Promise<string> {
  const verifier = createGoogleIdTokenVerifier({ audience: aud, callers: anyCaller, keys });
  return (await verifier.verify(await google.idToken({ aud }))).claims.aud;
}

test('the table in docs/testing.md has these ways, and two that need no network at all', async () => {
  const text = await readFile(new URL('../../docs/testing.md', import.meta.url), 'utf8');
  const rows = [...tableIn(text, 'intercepted').matchAll(/^\| (.+?) \|/gm)].map(([, way]) => way?.replaceAll('`', ''));

  const inMemory = ['createGoogleKeySet({ fetch: google.fetch })', 'google.keySet()'];
  expect(rows.slice(2)).toEqual([...Object.keys(WAYS), ...inMemory]);
});

test.each<{ title: string; keys: (google: FakeGoogle) => KeySet }>([
  { title: 'createGoogleKeySet({ fetch: google.fetch })', keys: ({ fetch }) => createGoogleKeySet({ fetch }) },
  { title: 'google.keySet()', keys: (google) => google.keySet() },
])('$title asks nobody else', async ({ keys }) => {
  const google = await createFakeGoogle();
  const watch = watchNetwork();
  onTestFinished(() => watch.stop());

  expect(await verified(google, keys(google))).toBe(aud);

  expect(watch.seen).toEqual([]);
  expect(google.jwksRequests).toBe(1);
});

describe.each(Object.entries(WAYS))('%s', (_, begin) => {
  test('answers for Google, and nothing leaves the process', async () => {
    const google = await createFakeGoogle();
    const watch = watchNetwork();
    onTestFinished(() => watch.stop());
    onTestFinished(await begin(google));

    expect(await verified(google)).toBe(aud);

    expect(watch.seen).toEqual([]);
  });
});
