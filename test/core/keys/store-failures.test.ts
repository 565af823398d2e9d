import { setTimeout as sleep } from 'node:timers/promises';
import { createGoogleKeySet, type KeySetStore } from '@id-token-guard/core';
import { describe, expect, test } from 'vitest';
import { FRESH_SECONDS, reset } from './jwks-server.ts';
import { createMemoryStore } from './memory-store.ts';
import { createClock, createScene, google, outcome, type Scene, tally } from './scene.ts';
import { unhandledRejections } from './unhandled-rejections.ts';

const clock = createClock();

/** What a key set would write, for the URL of a scene. */
function snapshotFor(url: string): Record<string, unknown> {
  return {
    version: 1,
    url,
    fetchedAt: clock.now(),
    freshForSeconds: FRESH_SECONDS,
    keys: google.jwks.keys.map(({ kid, n, e }) => ({ kty: 'RSA', kid, n, e })),
  };
}

function storeFailures({ events }: Scene): unknown[] {
  return events.filter(({ type }) => type === 'keys_store_failed');
}

function failed(operation: 'get' | 'set', message: string | RegExp) {
  return {
    type: 'keys_store_failed',
    operation,
    error: expect.objectContaining({ message: expect.stringMatching(message) }),
  };
}

const notKeys = /^The key set store holds something that is not a usable key set\.$/;

describe('a store that holds', () => {
  test.each<{ title: string; held: (good: Record<string, unknown>) => unknown }>([
    { title: 'an empty text', held: () => '' },
    { title: 'no JSON', held: () => 'not JSON' },
    { title: 'JSON cut short', held: (good) => JSON.stringify(good).slice(0, 200) },
    { title: 'null, as text', held: () => 'null' },
    { title: '{}', held: () => '{}' },
    { title: 'a list', held: (good) => JSON.stringify([good]) },
    { title: 'a JWKS', held: () => JSON.stringify(google.jwks) },
    { title: 'another version', held: (good) => JSON.stringify({ ...good, version: 2 }) },
    { title: 'keys of another URL', held: (good) => JSON.stringify({ ...good, url: 'https://keys.example.com/' }) },
    { title: 'no time', held: ({ fetchedAt: _, ...good }) => JSON.stringify(good) },
    { title: 'a time of words', held: (good) => JSON.stringify({ ...good, fetchedAt: 'now' }) },
    { title: 'no freshness', held: (good) => JSON.stringify({ ...good, freshForSeconds: null }) },
    { title: 'no keys', held: (good) => JSON.stringify({ ...good, keys: [] }) },
    {
      title: 'only weak keys',
      held: (good) => JSON.stringify({ ...good, keys: google.jwks.keys.map((key) => ({ ...key, e: 'Aw' })) }),
    },
    { title: 'a huge text', held: (good) => JSON.stringify({ ...good, more: 'x'.repeat(70_000) }) },
    { title: '50 MB', held: (good) => JSON.stringify(good).padEnd(50_000_000) },
    { title: 'an object', held: (good) => good },
    { title: 'a number', held: () => 1 },
    { title: 'bytes', held: (good) => Buffer.from(JSON.stringify(good)) },
    { title: 'an unfinished surrogate pair', held: (good) => `${JSON.stringify(good)}\ud800` },
  ])('$title is reported, and replaced by what Google sends', async ({ held }) => {
    const store = createMemoryStore();
    const scene = await createScene({ keySet: { store } });
    store.text = held(snapshotFor(scene.server.url)) as string;

    expect(await outcome(scene.verify(await scene.token()))).toBe('accepted');

    expect(scene.server.requests).toBe(1);
    expect(storeFailures(scene)).toEqual([failed('get', notKeys)]);
    expect(JSON.parse(`${store.text}`)).toStrictEqual(scene.keys.snapshot());
  });

  test.each([null, undefined])('nothing (%s) is not reported: that is how it begins', async (nothing) => {
    const store: KeySetStore = { get: async () => nothing, set: async () => {} };
    const scene = await createScene({ keySet: { store } });

    expect(await outcome(scene.verify(await scene.token()))).toBe('accepted');
    expect(storeFailures(scene)).toEqual([]);
  });
});

const down = new Error('Connection refused.');

const throwing: KeySetStore = {
  get() {
    throw down;
  },
  set() {
    throw down;
  },
};

describe('a store that fails', () => {
  test.each<{ title: string; store: KeySetStore; events: object[] }>([
    {
      title: 'rejects',
      store: { get: () => Promise.reject(down), set: () => Promise.reject(down) },
      events: [failed('get', 'Connection refused.'), failed('set', 'Connection refused.')],
    },
    {
      title: 'rejects with something that is not an Error',
      store: { get: () => Promise.reject('down'), set: () => Promise.reject(undefined) },
      events: [failed('get', /not an Error/), failed('set', /not an Error/)],
    },
    {
      title: 'throws before it returns a promise',
      store: throwing,
      events: [failed('get', 'Connection refused.'), failed('set', 'Connection refused.')],
    },
  ])('($title) harms no token, and is reported', async ({ store, events }) => {
    const scene = await createScene({ keySet: { store } });

    expect(await tally((await scene.tokens(100)).map(scene.verify))).toEqual({ accepted: 100 });
    await scene.backgroundWork();

    expect(scene.server.requests).toBe(1);
    expect(storeFailures(scene)).toEqual(events);
  });

  test('(throws before it returns a promise) leaves no rejection unhandled when its time is up', async () => {
    const scene = await createScene({ keySet: { store: throwing } });
    await scene.verify(await scene.token());
    await scene.backgroundWork();

    // Longer than a store is waited for.
    await sleep(1200);

    expect(await unhandledRejections()).toEqual([]);
  });

  test('(hangs) harms no token: it is waited for one second, and then reported', async () => {
    const store: KeySetStore = { get: () => new Promise(() => {}), set: () => new Promise(() => {}) };
    const scene = await createScene({ keySet: { store } });

    expect(await tally((await scene.tokens(100)).map(scene.verify))).toEqual({ accepted: 100 });
    expect(storeFailures(scene)).toEqual([failed('get', 'did not answer in time')]);
    await scene.backgroundWork();
    expect(storeFailures(scene)).toEqual([
      failed('get', 'did not answer in time'),
      failed('set', 'did not answer in time'),
    ]);
    expect(scene.server.requests).toBe(1);
  });

  test('(hangs when keys are due) makes nobody wait', async () => {
    const store = createMemoryStore();
    const scene = await createScene({ keySet: { store } });
    await scene.keys.preload();
    store.get = () => new Promise(() => {});
    scene.clock.advance(FRESH_SECONDS * 0.9);

    expect(await tally((await scene.tokens(100)).map(scene.verify))).toEqual({ accepted: 100 });
    expect(storeFailures(scene)).toEqual([]);
    await scene.backgroundWork();
    expect(scene.keys.status().ageSeconds).toBe(0);
  });

  test('(together with Google) is told apart from Google', async () => {
    const store: KeySetStore = { get: () => Promise.reject(down), set: () => Promise.reject(down) };
    const scene = await createScene({ keySet: { store }, answer: reset });

    expect(await outcome(scene.verify(await scene.token()))).toBe('keys_unavailable');
    expect(scene.events.map(({ type }) => type)).toEqual(['keys_store_failed', 'keys_refresh_failed']);
    expect(scene.keys.status().lastError?.message).toBe('fetch failed');
  });

  test('(together with Google, when keys are past their freshness) harms no token', async () => {
    const store = createMemoryStore();
    const scene = await createScene({ keySet: { store } });
    await scene.keys.preload();
    store.get = () => Promise.reject(down);
    scene.server.answerWith(reset);
    scene.clock.advance(FRESH_SECONDS + 1);

    expect(await tally((await scene.tokens(100)).map(scene.verify))).toEqual({ accepted: 100 });
    expect(scene.server.requests).toBe(2);
  });

  test('(only to write) is reported, and the keys are used', async () => {
    const store: KeySetStore = { get: async () => null, set: () => Promise.reject(down) };
    const scene = await createScene({ keySet: { store } });

    expect(await outcome(scene.verify(await scene.token()))).toBe('accepted');
    await scene.backgroundWork();
    expect(storeFailures(scene)).toEqual([failed('set', 'Connection refused.')]);
  });
});

describe('a store that is none', () => {
  test.each([null, 'redis://localhost', {}, { get: async () => null }, { set: async () => {} }])(
    'is refused with a TypeError: %o',
    (store) => {
      expect(() => createGoogleKeySet({ store: store as unknown as KeySetStore })).toThrow(
        new TypeError('"store" must have the methods get and set.'),
      );
    },
  );
});
