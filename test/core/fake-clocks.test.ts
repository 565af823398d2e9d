/*
 * Tests of applications set the clock: before or after they make a guard, a key set and a fake Google, and put it right
 * again in between. What nobody gave a clock of its own goes by the one of this moment, in whatever order that happens.
 */
import { createGoogleIdTokenVerifier, createGoogleKeySet, serviceAccount } from '@id-token-guard/core';
import { createFakeGoogle, type FakeGoogle } from '@id-token-guard/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { AUDIENCE, SENDER } from './fixtures.ts';
import { refusalOf } from './refusal-of.ts';

type Clock = 'real' | 'fake';
const CLOCKS: readonly Clock[] = ['real', 'fake'];

const HOUR = 3_600_000;
const FAKE_TIMES = {
  'long ago': Date.UTC(2001, 0, 1),
  'two hours ago': Date.now() - 2 * HOUR,
  'in two hours': Date.now() + 2 * HOUR,
  'in many years': Date.UTC(2050, 0, 1),
};

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function setClock(clock: Clock, time: number): void {
  if (clock === 'real') {
    vi.useRealTimers();
  } else {
    vi.useFakeTimers({ now: time });
  }
}

const orders = Object.entries(FAKE_TIMES).flatMap(([name, time]) =>
  CLOCKS.flatMap((made) => CLOCKS.flatMap((fetched) => CLOCKS.map((used) => ({ name, time, made, fetched, used })))),
);

describe.each([
  { keySet: 'of the fake Google', keysOf: (google: FakeGoogle) => google.keySet() },
  { keySet: 'of its own', keysOf: (google: FakeGoogle) => createGoogleKeySet({ fetch: google.fetch }) },
])('a guard with a key set $keySet and a clock that is set to', ({ keysOf }) => {
  test.each(orders)('$name: made by the $made one, keys by the $fetched one, used by the $used one', async (order) => {
    setClock(order.made, order.time);
    const google = await createFakeGoogle();
    const keys = keysOf(google);
    const verifier = createGoogleIdTokenVerifier({ audience: AUDIENCE, callers: serviceAccount(SENDER.email), keys });
    setClock(order.fetched, order.time);
    await keys.preload();
    setClock(order.used, order.time);
    const now = order.used === 'fake' ? order.time : Date.now();

    const token = await google.idToken({ aud: AUDIENCE, ...SENDER });
    const { claims } = await verifier.verify(token);

    expect(Math.abs(claims.iat - now / 1000)).toBeLessThan(60);
    expect(keys.status()).toMatchObject({ usable: true });

    vi.useFakeTimers({ now: now + 2 * HOUR });
    expect(await refusalOf(() => verifier.verify(token))).toMatchObject({ code: 'token_expired', status: 401 });
  });
});

test('keys grow old by the clock that is set, too', async () => {
  const google = await createFakeGoogle();
  const keys = google.keySet();
  await keys.preload();

  vi.useFakeTimers({ now: Date.now() + 3 * HOUR });
  expect(keys.status().ageSeconds).toBeCloseTo(3 * 3600, -2);

  vi.useRealTimers();
  expect(keys.status().ageSeconds).toBeCloseTo(0, -2);
});

test.each<[string, (time: number) => unknown]>([
  ['a Date', (time) => new Date(time)],
  ['text', String],
  ['a BigInt', BigInt],
])('a clock of somebody without types that gives %s is as good as a number, and rations fetches too', async (_, as) => {
  const time = Date.UTC(2026, 0, 1);
  const google = await createFakeGoogle({ now: () => time });
  const now = () => as(time) as number;
  const keys = google.keySet({ now });
  const verifier = createGoogleIdTokenVerifier({
    audience: AUDIENCE,
    callers: serviceAccount(SENDER.email),
    keys,
    now,
  });
  await verifier.verify(await google.idToken({ aud: AUDIENCE, ...SENDER }));
  for (let index = 0; index < 20; index += 1) {
    const token = await google.idToken({ aud: AUDIENCE, ...SENDER }, { kid: `${index}` });
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: expect.stringMatching(/^key/) });
  }

  expect(keys.snapshot()).toMatchObject({ fetchedAt: time });
  expect(google.jwksRequests).toBe(3);
});

test('the global fetch is the one of the moment in which keys are fetched', async () => {
  const google = await createFakeGoogle();
  const keys = createGoogleKeySet();

  vi.stubGlobal('fetch', google.fetch);
  await keys.preload();

  expect(google.jwksRequests).toBe(1);
});
