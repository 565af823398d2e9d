import { createFakeGoogle } from '@id-token-guard/testing';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { FRESH_SECONDS, keys as keysAnswer, reset, send } from './jwks-server.ts';
import { createMemoryStore, type MemoryStore } from './memory-store.ts';
import { AUDIENCE, createScene, google, outcome, type Scene, type SceneOptions, tally } from './scene.ts';

const DAY = 24 * 3600;
const DUE_SECONDS = FRESH_SECONDS * 0.9;

/** A process that shares its keys through a store, which has them already. */
async function createSharing(options: SceneOptions = {}): Promise<Scene & { store: MemoryStore }> {
  const store = createMemoryStore();
  const scene = await createScene({ ...options, keySet: { ...options.keySet, store } });
  await scene.keys.preload();
  return { ...scene, store };
}

describe('a store', () => {
  test('is given the keys, for as long as they can be used', async () => {
    const { server, keys, store } = await createSharing({ keySet: { maxStaleSeconds: 600 } });

    expect(store.sets).toHaveLength(1);
    expect(store.sets[0]).toMatchObject({
      name: expect.stringContaining(server.url),
      ttlSeconds: FRESH_SECONDS + 600,
    });
    expect(JSON.parse(`${store.text}`)).toStrictEqual(keys.snapshot());
  });

  test('may hold 64 KiB, and not one character more', async () => {
    const { store, another } = await createSharing();
    const eventsWith = async (length: number) => {
      const { keys, events } = another({ keySet: { store: createMemoryStore(`${store.text}`.padEnd(length)) } });
      await keys.preload();
      return events;
    };

    expect(await eventsWith(64 * 1024)).toMatchObject([{ type: 'keys_refreshed', source: 'store' }]);
    expect(await eventsWith(64 * 1024 + 1)).toMatchObject([
      { type: 'keys_store_failed', operation: 'get' },
      { type: 'keys_refreshed', source: 'google' },
    ]);
  });

  test('is given new keys after every fetch', async () => {
    const { clock, keys, store, token, verify } = await createSharing();
    clock.advance(FRESH_SECONDS);
    await verify(await token());

    expect(store.sets).toHaveLength(2);
    expect(JSON.parse(`${store.text}`)).toStrictEqual(keys.snapshot());
  });

  test('is asked when keys are needed, and not while they are fresh', async () => {
    const { store, verify, tokens } = await createSharing();

    await tally((await tokens(100)).map(verify));

    expect(store.gets).toEqual([store.sets[0]?.name]);
  });

  test('is asked once for 500 who wait', async () => {
    const { server, clock, another, store, tokens } = await createSharing();
    const { verify } = another({ keySet: { store } });
    clock.advance(60);

    expect(await tally((await tokens(500)).map(verify))).toEqual({ accepted: 500 });
    expect(store.gets).toHaveLength(2);
    expect(server.requests).toBe(1);
  });

  test('is written to behind the back of the request, which waitUntil is told', async () => {
    let write = () => {};
    const written = new Promise<void>((resolve) => {
      write = resolve;
    });
    const given: Promise<unknown>[] = [];
    const { token, verifier } = await createScene({ keySet: { store: { get: async () => null, set: () => written } } });

    await verifier.verify(await token(), { waitUntil: (promise) => void given.push(promise) });

    // The refresh, and the writing of what it brought.
    expect(given).toHaveLength(2);
    write();
    await Promise.all(given);
  });
});

describe('a second process', () => {
  test('starts from the store, without a fetch', async () => {
    const { server, clock, another, token, store } = await createSharing();
    clock.advance(600);
    const { keys, verify, events } = another({ keySet: { store } });

    expect(await outcome(verify(await token()))).toBe('accepted');

    expect(server.requests).toBe(1);
    expect(keys.status()).toMatchObject({ state: 'fresh', ageSeconds: 600, freshForSeconds: FRESH_SECONDS - 600 });
    expect(events).toEqual([
      {
        type: 'keys_refreshed',
        source: 'store',
        keyIds: google.jwks.keys.map(({ kid }) => kid),
        freshForSeconds: FRESH_SECONDS - 600,
      },
    ]);
    // It has nothing to add to the store.
    expect(store.sets).toHaveLength(1);
  });

  test('and a hundred others start with one fetch for all', async () => {
    const { server, another, store, tokens } = await createSharing();
    const good = await tokens(100);

    const outcomes = await tally(good.map((each) => another({ keySet: { store } }).verify(each)));

    console.log(`101 processes with a store: ${server.requests} fetch`);
    expect(outcomes).toEqual({ accepted: 100 });
    expect(server.requests).toBe(1);
  });

  test('adopts newer keys of the store when its own are due, without a fetch', async () => {
    const { server, clock, another, token, store, verify } = await createSharing();
    const lasting = await token({ exp: clock.now() / 1000 + 3 * FRESH_SECONDS });
    clock.advance(60);
    const second = another({ keySet: { store } });
    await second.verify(lasting);
    const newKid = await google.rotateKeys();
    clock.advance(DUE_SECONDS);
    await verify(await token());
    expect(server.requests).toBe(2);

    clock.advance(60);
    await second.verify(lasting);
    await second.backgroundWork();

    expect(server.requests).toBe(2);
    expect(second.keys.status()).toMatchObject({ ageSeconds: 60, keyIds: expect.arrayContaining([newKid]) });
    expect(second.events.at(-1)).toMatchObject({ type: 'keys_refreshed', source: 'store' });
  });

  test('finds an unknown key id in the store, without a fetch', async () => {
    const { server, clock, another, token, store, verify } = await createSharing();
    const second = another({ keySet: { store } });
    await second.keys.preload();
    await google.rotateKeys();
    clock.advance(1);
    await verify(await token());
    expect(server.requests).toBe(2);

    expect(await outcome(second.verify(await token()))).toBe('accepted');
    expect(server.requests).toBe(2);
  });

  test('asks Google for an unknown key id that newer keys of the store do not have either', async () => {
    const { server, clock, another, token, store } = await createSharing();
    const second = another({ keySet: { store } });
    await second.keys.preload();
    clock.advance(60);
    store.text = JSON.stringify({ ...JSON.parse(`${store.text}`), fetchedAt: clock.now() });
    const newKid = await google.rotateKeys();

    expect(await outcome(second.verify(await token()))).toBe('accepted');
    expect(server.requests).toBe(2);
    expect(second.keys.status().keyIds).toContain(newKid);
  });

  test('spends no more than two fetches on 200 unknown key ids', async () => {
    const { server, another, store, flood } = await createSharing();
    const { verify } = another({ keySet: { store } });
    const invented = await flood(200);

    expect(await tally(invented.map(verify))).toEqual({ key_unknown: 200 });
    expect(server.requests - 1).toBeLessThanOrEqual(2);
  });

  test('waits for nothing where the keys of the store are due: the next request refreshes them in the background', async () => {
    const { server, clock, another, token, store } = await createSharing();
    clock.advance(DUE_SECONDS);
    const { keys, verify, backgroundWork } = another({ keySet: { store } });

    expect(await outcome(verify(await token()))).toBe('accepted');
    expect(server.requests).toBe(1);

    expect(await outcome(verify(await token()))).toBe('accepted');
    await backgroundWork();
    expect(server.requests).toBe(2);
    expect(keys.status().ageSeconds).toBe(0);
  });

  test('fetches the keys where those of the store are past their freshness', async () => {
    const { server, clock, another, token, store } = await createSharing();
    clock.advance(FRESH_SECONDS);
    const { keys, verify } = another({ keySet: { store } });

    expect(await outcome(verify(await token()))).toBe('accepted');
    expect(server.requests).toBe(2);
    expect(keys.status().ageSeconds).toBe(0);
  });

  test.each([
    { title: 'past their freshness', seconds: FRESH_SECONDS + 600 },
    { title: 'nearly too old', seconds: FRESH_SECONDS + DAY - 1 },
  ])('uses keys of the store that are $title while Google cannot be reached', async ({ seconds }) => {
    const { server, clock, another, token, store } = await createSharing();
    server.answerWith(reset);
    clock.advance(seconds);
    const { keys, verify, events } = another({ keySet: { store } });

    expect(await outcome(verify(await token()))).toBe('accepted');
    expect(keys.status()).toMatchObject({
      state: 'stale',
      usable: true,
      ageSeconds: seconds,
      lastError: expect.any(Error),
    });
    expect(events.map(({ type }) => type)).toEqual(['keys_refresh_failed', 'keys_stale_used']);
  });

  test('refuses tokens where the keys of the store are too old and Google cannot be reached', async () => {
    const { server, clock, another, token, store } = await createSharing();
    server.answerWith(reset);
    clock.advance(FRESH_SECONDS + DAY);

    expect(await outcome(another({ keySet: { store } }).verify(await token()))).toBe('keys_unavailable');
  });

  test('prefers newer keys of the store to an older snapshot', async () => {
    const { clock, another, token, store, keys, verify } = await createSharing();
    const snapshot = keys.snapshot();
    await google.rotateKeys();
    clock.advance(FRESH_SECONDS);
    await verify(await token());
    const second = another({ keySet: { store, snapshot } });

    expect(await outcome(second.verify(await token()))).toBe('accepted');
    expect(second.events[0]).toMatchObject({ type: 'keys_refreshed', source: 'store' });
  });
});

describe('older keys of a store', () => {
  /** A process whose own keys lack one that Google has removed, and a store that still has it. */
  async function createRemoval() {
    const own = await createFakeGoogle();
    const scene = await createSharing({ answer: keysAnswer(() => own.jwks) });
    const iat = scene.clock.now() / 1000;
    const removed = await own.idToken({ aud: AUDIENCE, iat, exp: iat + 5 * FRESH_SECONDS });
    await scene.verify(removed);
    const olderText = `${scene.store.text}`;
    const newKid = await own.rotateKeys({ withdrawOld: true });
    scene.clock.advance(FRESH_SECONDS);
    expect(await outcome(scene.verify(removed))).toBe('key_unknown');
    scene.store.text = olderText;
    return { ...scene, removed, olderText, newKid };
  }

  test('never bring back a key that Google has removed', async () => {
    const { server, clock, keys, verify, removed, newKid, backgroundWork } = await createRemoval();
    clock.advance(DUE_SECONDS);
    const before = server.requests;

    await outcome(verify(removed));
    await backgroundWork();

    expect(server.requests - before).toBeGreaterThan(0);
    expect(keys.status()).toMatchObject({ ageSeconds: 0, keyIds: [newKid] });
    expect(await outcome(verify(removed))).toBe('key_unknown');
  });

  test('never bring it back while Google cannot be reached', async () => {
    const { server, clock, keys, verify, removed, newKid, backgroundWork } = await createRemoval();
    server.answerWith(send(503));
    clock.advance(FRESH_SECONDS);

    expect(await outcome(verify(removed))).toBe('keys_unavailable');
    await backgroundWork();
    expect(keys.status()).toMatchObject({ state: 'stale', keyIds: [newKid] });
  });

  test('never bring it back through its own, now unknown, id', async () => {
    const { verify, removed, keys, newKid } = await createRemoval();

    const outcomes: string[] = [];
    for (let request = 0; request < 5; request += 1) {
      outcomes.push(await outcome(verify(removed)));
    }

    // Google was asked for it twice: that is what is given.
    expect(outcomes.toSorted()).toEqual([...Array(2).fill('key_unknown'), ...Array(3).fill('keys_unavailable')]);
    expect(keys.status().keyIds).toEqual([newKid]);
  });

  test('never bring it back by a date in the future', async () => {
    const { server, clock, keys, verify, removed, newKid, store, olderText, backgroundWork } = await createRemoval();
    // As written by a process whose clock is a year ahead.
    store.text = JSON.stringify({ ...JSON.parse(olderText), fetchedAt: clock.now() + 365 * DAY * 1000 });
    clock.advance(DUE_SECONDS);
    const before = server.requests;

    await outcome(verify(removed));
    await backgroundWork();

    expect(server.requests - before).toBeGreaterThan(0);
    expect(keys.status().keyIds).toEqual([newKid]);
    expect(await outcome(verify(removed))).toBe('key_unknown');
  });

  test('never bring it back by a date in the future while Google cannot be reached', async () => {
    const { server, clock, keys, verify, removed, newKid, store, olderText, backgroundWork } = await createRemoval();
    store.text = JSON.stringify({ ...JSON.parse(olderText), fetchedAt: clock.now() + 365 * DAY * 1000 });
    server.answerWith(send(503));
    clock.advance(FRESH_SECONDS);

    expect(await outcome(verify(removed))).toBe('keys_unavailable');
    await backgroundWork();
    expect(keys.status()).toMatchObject({ state: 'stale', keyIds: [newKid] });
  });

  test('are replaced by those that Google sends', async () => {
    const { clock, keys, verify, removed, store, backgroundWork } = await createRemoval();
    clock.advance(DUE_SECONDS);
    await outcome(verify(removed));
    await backgroundWork();

    expect(JSON.parse(`${store.text}`)).toStrictEqual(keys.snapshot());
  });
});

describe('the age of keys of a store', () => {
  test.each([
    { title: 'a year', freshForSeconds: 365 * DAY, held: DAY },
    { title: 'a day', freshForSeconds: DAY, held: DAY },
  ])('is fresh for a day at most: $title', async ({ freshForSeconds, held }) => {
    const { another, store, token } = await createSharing();
    store.text = JSON.stringify({ ...JSON.parse(`${store.text}`), freshForSeconds });
    const { keys, verify } = another({ keySet: { store } });
    await verify(await token());

    expect(keys.status().freshForSeconds).toBe(held);
  });

  test('is fresh for no time at all where it says less than nothing', async () => {
    const { server, another, store, token } = await createSharing();
    store.text = JSON.stringify({ ...JSON.parse(`${store.text}`), freshForSeconds: -600 });

    await another({ keySet: { store } }).verify(await token());
    expect(server.requests).toBe(2);
  });
});

describe('keys of a store that are due for a refresh here as well', () => {
  /** What happens in a process that needs newer keys, so long after it got its own. */
  async function eventsAfter(ageSeconds: number, stored: (now: number, own: number) => number): Promise<unknown> {
    const { store, keys, verify, token, events, clock, backgroundWork } = await createSharing();
    const own = clock.now();
    clock.advance(ageSeconds);
    store.text = JSON.stringify({ ...keys.snapshot(), fetchedAt: stored(clock.now(), own) });
    await verify(await token());
    await backgroundWork();
    return events.slice(1);
  }

  const refreshedFrom = (source: string) => [expect.objectContaining({ type: 'keys_refreshed', source })];

  test.each<[string, age: number, stored: (now: number, own: number) => number, source: string]>([
    ['newer', 0.77, (now) => now - 60_000, 'store'],
    ['as old as its own', 0.77, (_, own) => own, 'google'],
    ['newer, and past four fifths of their life', 0.95, (now) => now - FRESH_SECONDS * 900, 'google'],
    ['dated a minute ahead, as clocks may differ', 0.77, (now) => now + 60_000, 'store'],
    ['dated half a minute ahead', 0.77, (now) => now + 30_000, 'store'],
    ['dated more than a minute ahead', 0.77, (now) => now + 61_000, 'google'],
  ])('are taken only if that spares anything: %s', async (_, age, stored, source) => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    onTestFinished(() => void vi.restoreAllMocks());

    expect(await eventsAfter(FRESH_SECONDS * age, stored)).toEqual(refreshedFrom(source));
  });
});

test('keys of a store that are too old are no keys, whether or not Google can be reached', async () => {
  const { store, another, server, clock } = await createSharing({ keySet: { maxStaleSeconds: 600 } });
  clock.advance(FRESH_SECONDS + 600);
  server.answerWith(reset);
  const { keys } = another({ keySet: { store, maxStaleSeconds: 600 } });

  await expect(keys.preload()).rejects.toThrow();

  expect(keys.status()).toMatchObject({ state: 'empty', usable: false, keyIds: [] });
});
