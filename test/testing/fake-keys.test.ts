/*
 * Keys of a fake Google are never taken for those of the real one: not by way of a store that a test shares with
 * something real, nor of a snapshot that was written in a test.
 */
import {
  createGoogleKeySet,
  GOOGLE_JWKS_URL,
  type GoogleKeySetOptions,
  type KeySet,
  type KeySetEvent,
} from '@id-token-guard/core';
import { createFakeGoogle, type FakeGoogle } from '@id-token-guard/testing';
import { setupServer } from 'msw/node';
import { describe, expect, onTestFinished, test } from 'vitest';

const google = await createFakeGoogle();

/** As Redis is: each name has a text, and everybody can read and write them all. */
function createStore(): { texts: Map<string, string> } & NonNullable<GoogleKeySetOptions['store']> {
  const texts = new Map<string, string>();
  return {
    texts,
    get: async (name) => texts.get(name),
    set: async (name, text) => void texts.set(name, text),
  };
}

/** A key set of the real Google, whose real URL a test makes answer with fake keys. */
const realNames: readonly [way: string, create: (google: FakeGoogle, options: GoogleKeySetOptions) => KeySet][] = [
  ['the fetch of a fake Google', ({ fetch }, options) => createGoogleKeySet({ ...options, fetch })],
  [
    'msw',
    (_, options) => {
      const server = setupServer(...google.handlers);
      server.listen();
      onTestFinished(() => server.close());
      return createGoogleKeySet(options);
    },
  ],
  [
    'an answer of its own',
    (_, options) => createGoogleKeySet({ ...options, fetch: async () => Response.json(google.jwks) }),
  ],
];

async function filled(keys: KeySet): Promise<KeySet> {
  await keys.preload();
  await new Promise((resolve) => setTimeout(resolve)); // It is shared in the background.
  return keys;
}

describe('a key set of a fake Google', () => {
  test('keeps its keys under a name of its own', async () => {
    const store = createStore();

    await filled(google.keySet({ store }));

    expect([...store.texts.keys()]).toStrictEqual(['id-token-guard:keys:https://fake-google.invalid/oauth2/v3/certs']);
  });

  test('shares them with another one', async () => {
    const store = createStore();
    await filled(google.keySet({ store }));
    const before = google.jwksRequests;

    await google.keySet({ store }).preload();

    expect(google.jwksRequests).toBe(before);
  });

  test('gives and takes snapshots, which nobody else takes', async () => {
    const snapshot = (await filled(google.keySet())).snapshot();
    if (snapshot === undefined) {
      throw new Error('It has keys.');
    }

    expect(google.keySet({ snapshot }).status().keyIds).toStrictEqual([google.jwks.keys[0]?.kid]);
    expect(() => createGoogleKeySet({ snapshot })).toThrow(/^"snapshot" must be what .*, and not of a fake Google\.$/);
    // Nor where somebody changes the name of its URL.
    const renamed = { ...snapshot, url: GOOGLE_JWKS_URL };
    expect(() => createGoogleKeySet({ snapshot: renamed })).toThrow(/^"snapshot" must be .* not of a fake Google\.$/);
  });
});

describe.each(realNames)('a key set of the real Google that has fake keys, by %s,', (_, create) => {
  test('works, and does not put them into a store', async () => {
    const store = createStore();
    const events: KeySetEvent[] = [];

    const keys = await filled(create(google, { store, onEvent: (event) => events.push(event) }));

    expect(keys.status()).toMatchObject({ state: 'fresh', keyIds: [google.jwks.keys[0]?.kid] });
    expect([...store.texts.keys()]).toStrictEqual([]);
    expect(events).toStrictEqual([
      {
        type: 'keys_store_failed',
        operation: 'set',
        error: new Error('Keys of a fake Google are not kept under the name of the real ones.'),
      },
      expect.objectContaining({ type: 'keys_refreshed' }),
    ]);
  });

  test('gives a snapshot that a key set of the real Google does not take', async () => {
    const snapshot = (await filled(create(google, {}))).snapshot();

    expect(snapshot).toMatchObject({ url: GOOGLE_JWKS_URL, keys: [{ fake: true }] });
    expect(() => createGoogleKeySet({ snapshot })).toThrow(TypeError);
  });
});

test('a key set of the real Google takes no fake keys from a store, whoever put them there', async () => {
  const store = createStore();
  const snapshot = (await filled(google.keySet())).snapshot();
  const events: KeySetEvent[] = [];
  store.texts.set(`id-token-guard:keys:${GOOGLE_JWKS_URL}`, JSON.stringify({ ...snapshot, url: GOOGLE_JWKS_URL }));
  const down = async () => new Response('', { status: 503 });
  const keys = createGoogleKeySet({ store, fetch: down, onEvent: (event) => events.push(event) });

  await expect(keys.preload()).rejects.toMatchObject({ code: 'keys_unavailable' });

  expect(keys.status()).toMatchObject({ state: 'empty', keyIds: [] });
  expect(events[0]).toMatchObject({ type: 'keys_store_failed', operation: 'get' });
});

test('a local Google on loopback has a name of its own, and its keys are shared under that', async () => {
  const store = createStore();
  const url = 'http://127.0.0.1:8585/oauth2/v3/certs';

  await filled(createGoogleKeySet({ url, store, fetch: async () => Response.json(google.jwks) }));

  expect([...store.texts.keys()]).toStrictEqual([`id-token-guard:keys:${url}`]);
});
