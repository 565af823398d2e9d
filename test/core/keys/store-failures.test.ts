import { setTimeout as sleep } from 'node:timers/promises';
import { createGoogleKeySet, type KeySetStore } from '@id-token-guard/core';
import { describe, expect, test, vi } from 'vitest';
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

function failed(operation: 'get' | 'set', message: string | RegExp, gave: string = 'nothing') {
  return {
    type: 'keys_store_failed',
    operation,
    ...(operation === 'get' && { gave }),
    error: expect.objectContaining({
      message: typeof message === 'string' ? expect.stringContaining(message) : expect.stringMatching(message),
    }),
  };
}

/** What a JSON parser makes of it. */
const parsed = (text: string) => JSON.parse(text);

/** Many objects in one another, or in one another's last member. */
function deep(depth: number): unknown {
  let value: unknown = {};
  for (let level = 0; level < depth; level += 1) {
    value = { value };
  }
  return value;
}

describe('a store that gives', () => {
  test.each<{ title: string; gives: (good: Record<string, unknown>) => unknown }>([
    { title: 'an object', gives: (good) => good },
    { title: 'what a client has parsed', gives: (good) => parsed(JSON.stringify(good)) },
    { title: 'an object without a prototype', gives: (good) => Object.assign(Object.create(null), good) },
    { title: 'a frozen object', gives: (good) => Object.freeze(good) },
    { title: 'an object that can be written as JSON', gives: (good) => ({ toJSON: () => good }) },
    { title: 'an object with more in it', gives: (good) => ({ ...good, more: [1, null, true, {}] }) },
    { title: 'a Buffer', gives: (good) => Buffer.from(JSON.stringify(good)) },
    { title: 'bytes', gives: (good) => new TextEncoder().encode(JSON.stringify(good)) },
    {
      title: 'bytes amid others',
      gives: (good) => {
        const text = JSON.stringify(good);
        return new Uint8Array(new TextEncoder().encode(`}}${text}{{`).buffer, 2, text.length);
      },
    },
    { title: 'a view of bytes', gives: (good) => new DataView(new TextEncoder().encode(JSON.stringify(good)).buffer) },
  ])('$title of a key set is as good as one that gives the text', async ({ gives }) => {
    const store = createMemoryStore();
    const scene = await createScene({ keySet: { store } });
    store.text = gives(snapshotFor(scene.server.url)) as string;

    expect(await outcome(scene.verify(await scene.token()))).toBe('accepted');

    expect(scene.server.requests).toBe(0);
    expect(scene.events).toMatchObject([{ type: 'keys_refreshed', source: 'store' }]);
    expect(scene.keys.snapshot()).toStrictEqual(snapshotFor(scene.server.url));
  });

  test.each<{ title: string; held: (good: Record<string, unknown>) => unknown; kind?: string }>([
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
    { title: 'an unfinished surrogate pair', held: (good) => `${JSON.stringify(good)}\ud800` },
    { title: 'JSON in JSON', held: (good) => JSON.stringify(JSON.stringify(good)) },
    { title: 'no bytes', held: () => new Uint8Array(), kind: 'bytes' },
    { title: 'bytes that are not UTF-8', held: () => Uint8Array.of(0x7b, 0xff, 0x7d), kind: 'bytes' },
    {
      title: 'more than 64 KiB of bytes',
      held: (good) => Buffer.from(JSON.stringify(good).padEnd(65_537)),
      kind: 'bytes',
    },
    { title: 'another view of bytes', held: () => new Float64Array([1]), kind: 'bytes' },
    { title: 'a number', held: () => 1, kind: 'other' },
    { title: 'a boolean', held: () => false, kind: 'other' },
    { title: 'a function', held: (good) => () => good, kind: 'other' },
    { title: 'a symbol', held: () => Symbol('keys'), kind: 'other' },
    { title: 'a bigint', held: () => 1n, kind: 'other' },
    { title: 'an empty object', held: () => ({}), kind: 'object' },
    { title: 'a list of it', held: (good) => [good], kind: 'object' },
    { title: 'a String', held: (good) => new String(JSON.stringify(good)), kind: 'object' },
    { title: 'a Map of it', held: (good) => new Map(Object.entries(good)), kind: 'object' },
    { title: 'an ArrayBuffer', held: () => new ArrayBuffer(8), kind: 'object' },
    { title: 'a response', held: (good) => Response.json(good), kind: 'object' },
    { title: 'an object with a date', held: (good) => ({ ...good, fetchedAt: new Date() }), kind: 'object' },
    { title: 'an object with a bigint', held: (good) => ({ ...good, fetchedAt: 1n }), kind: 'object' },
    {
      title: 'an object of another URL',
      held: (good) => ({ ...good, url: 'https://keys.example.com/' }),
      kind: 'object',
    },
    { title: 'an object without keys', held: (good) => ({ ...good, keys: [] }), kind: 'object' },
    { title: 'what is inherited only', held: (good) => Object.create(good), kind: 'object' },
    {
      title: 'an object that has itself in it',
      held: (good) => Object.assign(good, { self: good }),
      kind: 'object',
    },
    {
      title: 'an object that throws',
      held: (good) =>
        Object.defineProperty(good, 'version', {
          enumerable: true,
          get() {
            throw new Error('No.');
          },
        }),
      kind: 'object',
    },
    { title: 'an object with a huge text', held: (good) => ({ ...good, more: 'x'.repeat(70_000) }), kind: 'object' },
    {
      title: 'an object with many members',
      held: (good) => ({ ...good, more: Array.from({ length: 1_000_000 }, () => 0) }),
      kind: 'object',
    },
    { title: 'an object as deep as the sea', held: (good) => ({ ...good, more: deep(100_000) }), kind: 'object' },
  ])('$title is reported, and replaced by what Google sends', async ({ held, kind = 'text' }) => {
    const store = createMemoryStore();
    const scene = await createScene({ keySet: { store } });
    store.text = held(snapshotFor(scene.server.url)) as string;

    expect(await outcome(scene.verify(await scene.token()))).toBe('accepted');

    expect(scene.server.requests).toBe(1);
    expect(storeFailures(scene)).toEqual([
      failed('get', `What the key set store gave (${kind}) is not a usable key set.`, kind),
    ]);
    expect(JSON.parse(`${store.text}`)).toStrictEqual(scene.keys.snapshot());
  });

  test.each<[string, (good: Record<string, unknown>) => object]>([
    ['a long text', (good) => ({ ...good, more: 'x'.repeat(65_536) })],
    ['a long name', (good) => ({ ...good, ['x'.repeat(65_536)]: 1 })],
    ['many members', (good) => ({ ...good, more: Array(65_536).fill(0) })],
  ])('an object with %s is not read to its end', async (_, long) => {
    const store = createMemoryStore();
    const scene = await createScene({ keySet: { store } });
    const end = { toJSON: vi.fn() };
    store.text = { ...long(snapshotFor(scene.server.url)), end } as never;

    expect(await outcome(scene.verify(await scene.token()))).toBe('accepted');

    expect(storeFailures(scene)).toEqual([failed('get', '(object)', 'object')]);
    expect(end.toJSON).not.toHaveBeenCalled();
  });

  test.each<[string, (text: string) => unknown]>([
    ['bytes', (text) => Buffer.from(text)],
    ['an object', (text) => JSON.parse(text)],
  ])('64 KiB as %s is not too much, and one more is', async (_, gives) => {
    for (const [length, requests] of [
      [65_536, 0],
      [65_537, 1],
    ] as const) {
      const store = createMemoryStore();
      const scene = await createScene({ keySet: { store } });
      const shortest = JSON.stringify({ ...snapshotFor(scene.server.url), more: '' });
      store.text = gives(shortest.replace(/""}$/, `"${'x'.repeat(length - shortest.length)}"}`)) as string;

      expect(await outcome(scene.verify(await scene.token()))).toBe('accepted');
      expect(scene.server.requests).toBe(requests);
    }
  });

  test.each([null, undefined])('nothing (%s) is not reported: that is how it begins', async (nothing) => {
    const store: KeySetStore = { get: async () => nothing, set: async () => {} };
    const scene = await createScene({ keySet: { store } });

    expect(await outcome(scene.verify(await scene.token()))).toBe('accepted');
    expect(storeFailures(scene)).toEqual([]);
  });
});

describe('a store that gives nothing although keys were put there', () => {
  const lost = failed('get', 'The key set store has lost keys that were put there, before their time was over.');

  /** Events of a process that put keys there, and asks again so many seconds later. */
  async function failuresAfter(seconds: number, set: KeySetStore['set'] = async () => {}) {
    const scene = await createScene({ keySet: { store: { get: async () => null, set }, maxStaleSeconds: 600 } });
    await scene.verify(await scene.token());
    await scene.backgroundWork();
    await google.rotateKeys();
    scene.clock.advance(seconds);
    expect(await outcome(scene.verify(await scene.token()))).toBe('accepted');
    return storeFailures(scene);
  }

  test.each([60, FRESH_SECONDS, FRESH_SECONDS + 599])('is reported: %i s later', async (seconds) => {
    expect(await failuresAfter(seconds)).toEqual([lost]);
  });

  test.each([
    ['it may take a minute until it shows', 59],
    ['their time is over', FRESH_SECONDS + 600],
    ['the clock was set back since', -100],
  ])('is not reported where %s', async (_, seconds) => {
    expect(await failuresAfter(seconds)).toEqual([]);
  });

  test('is not reported where it could not be put there', async () => {
    expect(await failuresAfter(FRESH_SECONDS, () => Promise.reject(down))).toEqual([
      failed('set', 'Connection refused.'),
      failed('set', 'Connection refused.'),
    ]);
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

  test.each([
    [9.999, 1],
    [10, 2],
  ])('(hangs) is left alone for ten seconds, so that nobody waits for it twice: after %d', async (seconds, times) => {
    const store = { get: vi.fn(() => new Promise(() => {})), set: async () => {} };
    const scene = await createScene({ keySet: { store }, answer: reset });
    expect(await outcome(scene.verify(await scene.token()))).toBe('keys_unavailable');

    scene.clock.advance(seconds);

    expect(await outcome(scene.verify(await scene.token()))).toBe('keys_unavailable');
    expect(store.get).toHaveBeenCalledTimes(times);
    expect(storeFailures(scene)).toHaveLength(times);
  });

  test('(answers late) is asked again as soon as it has answered', async () => {
    let answer: (value: unknown) => void = () => {};
    const late = new Promise<unknown>((resolve) => {
      answer = resolve;
    });
    const store = { get: vi.fn(() => late), set: async () => {} };
    const scene = await createScene({ keySet: { store }, answer: reset });

    expect(await outcome(scene.verify(await scene.token()))).toBe('keys_unavailable');
    answer(snapshotFor(scene.server.url));
    scene.clock.advance(2);

    expect(await outcome(scene.verify(await scene.token()))).toBe('accepted');
    expect(store.get).toHaveBeenCalledTimes(2);
    expect(scene.events.at(-1)).toMatchObject({ type: 'keys_refreshed', source: 'store' });
  });

  test('(hangs while an unknown key id waits for two attempts) is waited for once', async () => {
    const store = createMemoryStore();
    const scene = await createScene({ keySet: { store } });
    await scene.keys.preload();
    const get = vi.fn(() => new Promise(() => {}));
    store.get = get;
    await google.rotateKeys();
    const [known, unknown] = [scene.flood(1), scene.token()];
    const [first, second] = [scene.verify((await known)[0] as string), scene.verify(await unknown)];

    expect(await tally([first, second])).toEqual({ accepted: 1, key_unknown: 1 });
    expect(get).toHaveBeenCalledTimes(1);
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
    expect(scene.keys.status().lastError?.message).toBe('The key URL could not be reached');
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
