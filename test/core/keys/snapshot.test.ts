import { createGoogleKeySet, GOOGLE_JWKS_URL, type KeySetSnapshot } from '@id-token-guard/core';
import { describe, expect, test } from 'vitest';
import { FRESH_SECONDS, keys as keysAnswer, reset, send } from './jwks-server.ts';
import { createScene, google, outcome, type Scene, tally } from './scene.ts';

const DAY = 24 * 3600;

/** A process that has keys, and their snapshot. */
async function createSnapshot(): Promise<Scene & { snapshot: KeySetSnapshot }> {
  const scene = await createScene();
  await scene.keys.preload();
  return { ...scene, snapshot: scene.keys.snapshot() as KeySetSnapshot };
}

describe('a snapshot', () => {
  test('has the public keys, where they are from, and their age, and nothing else', async () => {
    const extra = { alg: 'RS256', use: 'sig', key_ops: ['verify'], x5t: 'x', note: 'not for others' };
    const answer = keysAnswer(() => ({ keys: google.jwks.keys.map((key) => ({ ...key, ...extra })), note: 'x' }));
    const { server, clock, keys } = await createScene({ answer });
    await keys.preload();

    expect(keys.snapshot()).toStrictEqual({
      version: 1,
      url: server.url,
      fetchedAt: clock.now(),
      freshForSeconds: FRESH_SECONDS,
      keys: google.jwks.keys.map(({ kid, n, e }) => ({ kty: 'RSA', kid, n, e, fake: true })),
    });
  });

  test('is not there where there are no keys', async () => {
    const { keys } = await createScene({ answer: reset });
    expect(keys.snapshot()).toBeUndefined();

    await keys.preload().catch(() => {});
    expect(keys.snapshot()).toBeUndefined();
  });

  test('survives JSON', async () => {
    const { snapshot, another } = await createSnapshot();

    const { keys } = another({ keySet: { snapshot: JSON.parse(JSON.stringify(snapshot)) } });
    await keys.preload();

    expect(keys.snapshot()).toStrictEqual(snapshot);
  });
});

describe('a process that starts from a snapshot', () => {
  test('accepts 500 tokens without any fetch', async () => {
    const { server, snapshot, another, tokens } = await createSnapshot();
    const { verify } = another({ keySet: { snapshot } });

    expect(await tally((await tokens(500)).map(verify))).toEqual({ accepted: 500 });
    console.log(`500 verifications from a snapshot: ${server.requests - 1} fetches`);
    expect(server.requests - 1).toBe(0);
  });

  test('accepts tokens though Google was never reached', async () => {
    const { server, snapshot, another, token } = await createSnapshot();
    server.answerWith(reset);

    expect(await outcome(another({ keySet: { snapshot } }).verify(await token()))).toBe('accepted');
  });

  test('tells where its keys are from', async () => {
    const { clock, snapshot, another, token } = await createSnapshot();
    clock.advance(600);
    const { verify, events } = another({ keySet: { snapshot } });
    await verify(await token());

    expect(events).toEqual([
      {
        type: 'keys_refreshed',
        source: 'snapshot',
        keyIds: google.jwks.keys.map(({ kid }) => kid),
        freshForSeconds: FRESH_SECONDS - 600,
      },
    ]);
  });

  test('is ready before the first request', async () => {
    const { snapshot, another } = await createSnapshot();
    const { keys } = another({ keySet: { snapshot } });

    expect(keys.status()).toMatchObject({ state: 'fresh', usable: true, keyIds: snapshot.keys.map(({ kid }) => kid) });
    expect(keys.snapshot()).toStrictEqual(snapshot);
  });

  test('refreshes in the background when the keys are due, and nobody waits', async () => {
    const { server, clock, snapshot, another, token } = await createSnapshot();
    const { keys, verify, backgroundWork } = another({ keySet: { snapshot } });
    clock.advance(FRESH_SECONDS / 2);
    await verify(await token());
    expect(server.requests - 1).toBe(0);

    clock.advance(FRESH_SECONDS * 0.4);
    await verify(await token());
    await backgroundWork();

    expect(server.requests - 1).toBe(1);
    expect(keys.status().ageSeconds).toBe(0);
  });

  test('waits for nothing where its keys are due: the next request refreshes them in the background', async () => {
    const { server, clock, snapshot, another, token } = await createSnapshot();
    clock.advance(FRESH_SECONDS * 0.9);
    const { keys, verify, backgroundWork } = another({ keySet: { snapshot } });

    expect(await outcome(verify(await token()))).toBe('accepted');
    expect(server.requests - 1).toBe(0);

    expect(await outcome(verify(await token()))).toBe('accepted');
    await backgroundWork();
    expect(server.requests - 1).toBe(1);
    expect(keys.status().ageSeconds).toBe(0);
  });

  test('fetches the keys where those of the snapshot are past their freshness', async () => {
    const { server, clock, snapshot, another, token } = await createSnapshot();
    clock.advance(FRESH_SECONDS);
    const { keys, verify } = another({ keySet: { snapshot } });

    expect(await outcome(verify(await token()))).toBe('accepted');
    expect(server.requests - 1).toBe(1);
    expect(keys.status().ageSeconds).toBe(0);
  });

  test.each([
    { title: 'past their freshness', seconds: FRESH_SECONDS + 600 },
    { title: 'nearly too old', seconds: FRESH_SECONDS + DAY - 1 },
  ])('uses keys $title while Google cannot be reached', async ({ seconds }) => {
    const { server, clock, snapshot, another, token } = await createSnapshot();
    server.answerWith(send(503));
    clock.advance(seconds);
    const { keys, verify, events } = another({ keySet: { snapshot } });

    expect(await outcome(verify(await token()))).toBe('accepted');
    expect(keys.status()).toMatchObject({
      state: 'stale',
      usable: true,
      ageSeconds: seconds,
      lastError: expect.any(Error),
    });
    expect(events.filter(({ type }) => type === 'keys_stale_used')).toHaveLength(1);
  });

  test('refuses tokens where the snapshot is too old and Google cannot be reached', async () => {
    const { server, clock, snapshot, another, token } = await createSnapshot();
    server.answerWith(send(503));
    clock.advance(FRESH_SECONDS + DAY);
    const { keys, verify } = another({ keySet: { snapshot } });

    expect(await outcome(verify(await token()))).toBe('keys_unavailable');
    expect(keys.status()).toMatchObject({ usable: false });
  });

  test('fetches the keys where the snapshot is too old', async () => {
    const { server, clock, snapshot, another, token } = await createSnapshot();
    clock.advance(30 * DAY);

    expect(await outcome(another({ keySet: { snapshot } }).verify(await token()))).toBe('accepted');
    expect(server.requests - 1).toBe(1);
  });

  test('finds the key of a rotation that came after the snapshot', async () => {
    const { server, snapshot, another, token } = await createSnapshot();
    const { verify } = another({ keySet: { snapshot } });
    await google.rotateKeys();

    expect(await outcome(verify(await token()))).toBe('accepted');
    expect(server.requests - 1).toBe(1);
  });

  test('takes one from the near future for fetched now: clocks differ', async () => {
    const { server, clock, snapshot, another, token } = await createSnapshot();
    const { keys, verify } = another({ keySet: { snapshot: { ...snapshot, fetchedAt: clock.now() + 30_000 } } });

    expect(await outcome(verify(await token()))).toBe('accepted');
    expect(keys.status()).toMatchObject({ state: 'fresh', ageSeconds: 0 });
    expect(server.requests - 1).toBe(0);
  });

  test('asks Google where it is from the far future: its age is unknown', async () => {
    const { server, clock, snapshot, another, token } = await createSnapshot();
    const future = { ...snapshot, fetchedAt: clock.now() + 365 * DAY * 1000, freshForSeconds: 365 * DAY };
    const { keys, verify } = another({ keySet: { snapshot: future } });

    expect(await outcome(verify(await token()))).toBe('accepted');
    expect(keys.status()).toMatchObject({ state: 'fresh', ageSeconds: 0 });
    expect(server.requests - 1).toBe(1);
  });

  test('does not go back to one from the future when Google cannot be reached later', async () => {
    const { server, clock, snapshot, another, token } = await createSnapshot();
    const future = { ...snapshot, fetchedAt: clock.now() + 365 * DAY * 1000 };
    const { keys, verify, backgroundWork } = another({ keySet: { snapshot: future } });
    await verify(await token());
    const newKid = await google.rotateKeys();
    const rotated = await token({ exp: clock.now() / 1000 + 3 * FRESH_SECONDS });
    await verify(rotated);

    server.answerWith(send(503));
    clock.advance(FRESH_SECONDS + 600);
    expect(await outcome(verify(rotated))).toBe('accepted');
    await backgroundWork();

    expect(keys.status()).toMatchObject({ state: 'stale', ageSeconds: FRESH_SECONDS + 600 });
    expect(keys.status().keyIds).toContain(newKid);
  });

  test('does not date one from the future anew with every failed refresh: it is too old after a day', async () => {
    const { server, clock, snapshot, another, token } = await createSnapshot();
    server.answerWith(send(503));
    const future = { ...snapshot, fetchedAt: clock.now() + 365 * DAY * 1000 };
    const { keys, verify, backgroundWork } = another({ keySet: { snapshot: future } });
    await verify(await token());

    // Its age being unknown, it counts as just stale when it is taken into use.
    clock.advance(600);
    expect(await outcome(verify(await token()))).toBe('accepted');
    await backgroundWork();
    expect(keys.status()).toMatchObject({ state: 'stale', ageSeconds: FRESH_SECONDS + 600 });

    clock.advance(DAY);
    expect(await outcome(verify(await token()))).toBe('keys_unavailable');
  });

  // Deployed Cloudflare Workers have no time outside of a request: Date.now() is 0 while modules are loaded.
  test('uses it though the clock stood at 0 when the key set was made', async () => {
    const { server, clock, snapshot, another, token } = await createSnapshot();
    let started = false;
    const now = () => (started ? clock.now() : 0);
    const { verify } = another({ keySet: { snapshot, now } });
    started = true;

    expect(await outcome(verify(await token()))).toBe('accepted');
    expect(server.requests - 1).toBe(0);
  });

  test('does not change the snapshot', async () => {
    const { snapshot, another, token } = await createSnapshot();
    const frozen = Object.freeze({ ...snapshot, keys: Object.freeze(snapshot.keys.map((key) => Object.freeze(key))) });

    expect(await outcome(another({ keySet: { snapshot: frozen } }).verify(await token()))).toBe('accepted');
  });
});

describe('a snapshot that is none', () => {
  const url = GOOGLE_JWKS_URL;
  const good = {
    version: 1,
    url,
    fetchedAt: 1_760_000_000_000,
    freshForSeconds: 3600,
    keys: google.jwks.keys.map(({ kid, n, e }) => ({ kty: 'RSA', kid, n, e })),
  };

  test('is told by what it should be', () => {
    expect(() => createGoogleKeySet({ snapshot: good as KeySetSnapshot })).not.toThrow();
    expect(() => createGoogleKeySet({ snapshot: {} as KeySetSnapshot })).toThrow(
      new TypeError(`"snapshot" must be what snapshot() of a key set of ${url} returned, and not of a fake Google.`),
    );
  });

  test.each<{ title: string; snapshot: unknown }>([
    { title: 'null', snapshot: null },
    { title: 'a string of JSON', snapshot: JSON.stringify(good) },
    { title: 'a list', snapshot: [good] },
    { title: 'a JWKS', snapshot: google.jwks },
    { title: 'another version', snapshot: { ...good, version: 2 } },
    { title: 'no version', snapshot: { ...good, version: undefined } },
    { title: 'another URL', snapshot: { ...good, url: 'https://keys.example.com/certs' } },
    { title: 'the same URL, spelt in another way', snapshot: { ...good, url: `${url}?` } },
    { title: 'no time', snapshot: { ...good, fetchedAt: undefined } },
    { title: 'a date for a time', snapshot: { ...good, fetchedAt: new Date(0).toISOString() } },
    { title: 'a time that is not a number', snapshot: { ...good, fetchedAt: Number.NaN } },
    { title: 'an endless time', snapshot: { ...good, fetchedAt: Number.POSITIVE_INFINITY } },
    { title: 'no freshness', snapshot: { ...good, freshForSeconds: null } },
    { title: 'an endless freshness', snapshot: { ...good, freshForSeconds: Number.POSITIVE_INFINITY } },
    { title: 'no keys', snapshot: { ...good, keys: [] } },
    { title: 'keys that are not a list', snapshot: { ...good, keys: { ...good.keys } } },
    { title: 'only unusable keys', snapshot: { ...good, keys: good.keys.map((key) => ({ ...key, e: 'Aw' })) } },
    { title: 'all of it in its prototype', snapshot: Object.create(good) },
  ])('is refused with a TypeError: $title', ({ snapshot }) => {
    expect(() => createGoogleKeySet({ snapshot: snapshot as KeySetSnapshot })).toThrow(TypeError);
    expect(() => createGoogleKeySet({ snapshot: snapshot as KeySetSnapshot })).toThrow(/"snapshot"/);
  });

  test('is one for the URL that it came from', async () => {
    const snapshot = { ...good, url: 'https://keys.example.com/certs' } as KeySetSnapshot;

    expect(() => createGoogleKeySet({ url: 'https://keys.example.com/certs', snapshot })).not.toThrow();
  });
});
