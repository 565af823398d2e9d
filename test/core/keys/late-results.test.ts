/*
 * On Cloudflare Workers a fetch that takes longer than a second may belong to a request that was cancelled, and another
 * one is begun. Then two are under way, and they may end in any order.
 */
import './unhandled-rejections.ts';
import { createGoogleKeySet, type KeySet, type KeySetEvent, type KeySetStore } from '@id-token-guard/core';
import type { PublicJwk } from '@id-token-guard/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { slowly } from './jwks-server.ts';
import { asOn, createClock, createScene, goodKeys, google, tally } from './scene.ts';

/** A fetch whose answers the test gives, in any order. */
interface ManualFetch {
  readonly fetch: typeof globalThis.fetch;
  answer(call: number, ...keys: PublicJwk[]): void;
  fail(call: number): void;
  /** Waits until so many calls have been made. */
  called(count: number): Promise<void>;
}

function createManualFetch(): ManualFetch {
  const calls: { resolve(response: Response): void; reject(reason: unknown): void }[] = [];
  return {
    fetch: () => new Promise((resolve, reject) => calls.push({ resolve, reject })),
    answer: (call, ...keys) =>
      calls[call]?.resolve(Response.json({ keys }, { headers: { 'cache-control': 'max-age=3600' } })),
    fail: (call) => calls[call]?.reject(new TypeError('Connection lost.')),
    called: (count) => vi.waitFor(() => expect(calls).toHaveLength(count)),
  };
}

/** The keys are those of a fake Google, which do not get into a store under the URL of the real one. */
const KEYS_URL = 'https://keys.example.com/';

interface TwoFetches extends ManualFetch {
  readonly keys: KeySet;
  readonly events: KeySetEvent[];
  /** The requests that began the first fetch and the second one. */
  readonly first: Promise<unknown>;
  readonly second: Promise<unknown>;
}

await google.rotateKeys();
const [newer, older] = google.jwks.keys as [PublicJwk, PublicJwk];

/** A key set without keys, with two fetches under way. */
async function createTwoFetches(store?: KeySetStore, clock = createClock()): Promise<TwoFetches> {
  const manual = createManualFetch();
  const events: KeySetEvent[] = [];
  const keys = await asOn('Cloudflare Workers', () =>
    createGoogleKeySet({
      url: KEYS_URL,
      fetch: manual.fetch,
      now: clock.now,
      store,
      onEvent: (event) => events.push(event),
    }),
  );
  const first = keys.preload().catch((error) => error);
  await manual.called(1);
  await vi.advanceTimersByTimeAsync(1001);
  const second = keys.preload().catch((error) => error);
  await manual.called(2);
  return { ...manual, keys, events, first, second };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('an older answer that comes late', () => {
  test('does not replace a newer one', async () => {
    const { keys, events, first, second, answer } = await createTwoFetches();

    answer(1, newer);
    await second;
    answer(0, older);
    await first;

    expect(keys.status().keyIds).toEqual([newer.kid]);
    expect(events).toEqual([expect.objectContaining({ type: 'keys_refreshed', keyIds: [newer.kid] })]);
  });

  test('is used until the newer one comes', async () => {
    const { keys, first, second, answer } = await createTwoFetches();

    answer(0, older);
    await first;
    expect(keys.status().keyIds).toEqual([older.kid]);
    answer(1, newer);
    await second;
    expect(keys.status().keyIds).toEqual([newer.kid]);
  });

  test('is used where the newer attempt has failed, and ends the back-off', async () => {
    const { keys, first, second, answer, fail } = await createTwoFetches();

    fail(1);
    await second;
    expect(keys.status()).toMatchObject({ state: 'empty', lastError: expect.any(Error) });
    answer(0, older);
    await first;

    expect(keys.status()).toMatchObject({ state: 'fresh', keyIds: [older.kid] });
    expect(keys.status()).not.toHaveProperty('lastError');
  });

  test('does not replace a newer one in the store', async () => {
    const texts: string[] = [];
    const store: KeySetStore = { get: async () => null, set: async (_name, text) => void texts.push(text) };
    const { first, second, answer } = await createTwoFetches(store);

    answer(1, newer);
    await second;
    answer(0, older);
    await first;

    expect(texts.map((text) => JSON.parse(text).keys.map(({ kid }: PublicJwk) => kid))).toEqual([[newer.kid]]);
  });
});

describe('an older failure that comes late', () => {
  test('changes nothing', async () => {
    const { keys, events, first, second, answer, fail } = await createTwoFetches();

    answer(1, newer);
    await second;
    fail(0);
    await first;

    expect(keys.status()).toMatchObject({ state: 'fresh', keyIds: [newer.kid] });
    expect(keys.status()).not.toHaveProperty('lastError');
    expect(events.map(({ type }) => type)).toEqual(['keys_refreshed']);
  });

  test('does not bring back keys of the store that Google has replaced meanwhile', async () => {
    const clock = createClock();
    const stored = {
      version: 1,
      url: KEYS_URL,
      fetchedAt: clock.now() - 7200_000,
      freshForSeconds: 3600,
      keys: [{ kty: 'RSA', kid: older.kid, n: older.n, e: older.e }],
    };
    const store: KeySetStore = { get: async () => JSON.stringify(stored), set: async () => {} };
    const { keys, first, second, answer, fail } = await createTwoFetches(store, clock);
    // The keys of the store are on their way into use when the newer answer comes.
    let goOn = () => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const importKey = crypto.subtle.importKey.bind(crypto.subtle) as (...args: unknown[]) => Promise<CryptoKey>;
    const importing = vi.spyOn(crypto.subtle, 'importKey').mockImplementation(async (...args: unknown[]) => {
      if ((args[1] as JsonWebKey).n === older.n) {
        await held;
      }
      return importKey(...args);
    });

    fail(0);
    await vi.waitFor(() => expect(importing).toHaveBeenCalledTimes(1));
    answer(1, newer);
    await second;
    goOn();
    await first;

    expect(keys.status().keyIds).toEqual([newer.kid]);
  });
});

test('an older failure does not bring back keys of the store that a clock has dated ahead', async () => {
  const clock = createClock();
  const stored = {
    version: 1,
    url: KEYS_URL,
    fetchedAt: clock.now() + 30_000,
    freshForSeconds: 0, // Stale, so that Google is asked.
    keys: [{ kty: 'RSA', kid: older.kid, n: older.n, e: older.e }],
  };
  const store: KeySetStore = { get: async () => JSON.stringify(stored), set: async () => {} };
  const { keys, first, second, answer, fail } = await createTwoFetches(store, clock);

  answer(1, newer);
  await second;
  clock.advance(1);
  fail(0);
  await first;

  expect(keys.status().keyIds).toEqual([newer.kid]);
});

test('a request that was cancelled does not keep others waiting', async () => {
  const manual = createManualFetch();
  const keys = await asOn('Cloudflare Workers', () =>
    createGoogleKeySet({ fetch: manual.fetch, now: createClock().now }),
  );
  keys.preload().catch(() => {});
  await manual.called(1);
  const others = Promise.all(Array.from({ length: 50 }, () => keys.get(newer.kid)));

  await vi.advanceTimersByTimeAsync(1100);
  await manual.called(2);
  manual.answer(1, newer);
  await vi.waitFor(() => expect(keys.status().state).toBe('fresh'));
  await vi.advanceTimersByTimeAsync(100);

  expect((await others).map((key) => key?.kid)).toEqual(Array(50).fill(newer.kid));
});

test('ten requests that wait for an answer of one and a half seconds cost a fetch a second at most', async () => {
  vi.useRealTimers();
  const { server, verify, tokens } = await asOn('Cloudflare Workers', () =>
    createScene({ answer: slowly(1500, goodKeys) }),
  );

  const outcomes = await tally((await tokens(10)).map(verify));

  console.log(`Cloudflare Workers: 10 cold verifications, an answer of 1.5 s: ${server.requests} fetches`);
  expect(outcomes).toEqual({ accepted: 10 });
  expect(server.requests).toBeLessThanOrEqual(3);
});
