import { describe, expect, test } from 'vitest';
import { FRESH_SECONDS, heldKeys, send } from './jwks-server.ts';
import { createScene, goodKeys, google, inventedKid, outcome, type Scene, tally } from './scene.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

/** So many requests with good tokens, one after the other; returns how many fetches they cost. */
async function fetchesOf(scene: Scene, requests: number): Promise<number> {
  const { server, token, verify, backgroundWork } = scene;
  const before = server.requests;
  for (let request = 0; request < requests; request += 1) {
    expect(await outcome(verify(await token()))).toBe('accepted');
    await backgroundWork();
  }
  return server.requests - before;
}

describe('a clock that jumps', () => {
  test.each([
    { title: 'back an hour', seconds: -HOUR, fetches: 1 },
    { title: 'back a second', seconds: -1, fetches: 1 },
    { title: 'ahead an hour', seconds: HOUR, fetches: 1 },
    { title: 'ahead a minute', seconds: 60, fetches: 0 },
    { title: 'ahead a week', seconds: 7 * DAY, fetches: 1 },
    { title: 'back a week', seconds: -7 * DAY, fetches: 1 },
  ])('$title costs $fetches fetch in 50 requests, and refuses none', async ({ title, seconds, fetches }) => {
    const scene = await createScene();
    await scene.keys.preload();

    scene.clock.advance(seconds);
    const count = await fetchesOf(scene, 50);

    console.log(`a clock that jumps ${title}: ${count} fetch`);
    expect(count).toBe(fetches);
    expect(scene.keys.status()).toMatchObject({ state: 'fresh' });
    expect(scene.keys.status().ageSeconds).toBeGreaterThanOrEqual(0);
  });

  test('back and forth by an hour costs one fetch per jump at most', async () => {
    const scene = await createScene();
    await scene.keys.preload();
    let fetches = 0;
    for (let jump = 0; jump < 20; jump += 1) {
      scene.clock.advance(jump % 2 === 0 ? HOUR : -HOUR);
      fetches += await fetchesOf(scene, 10);
    }

    console.log(`20 jumps of an hour, back and forth, 200 requests: ${fetches} fetches`);
    expect(fetches).toBeLessThanOrEqual(20);
  });

  test('back an hour does not make anybody wait', async () => {
    const { server, clock, keys, verify, backgroundWork, tokens } = await createScene();
    await keys.preload();
    const answers = heldKeys(() => google.jwks);
    server.answerWith(answers.answer);
    clock.advance(-HOUR);

    expect(await tally((await tokens(50)).map(verify))).toEqual({ accepted: 50 });
    await server.requestsReach(2);

    expect(keys.status()).toMatchObject({ state: 'fresh', usable: true, ageSeconds: -HOUR });
    expect(keys.status()).not.toHaveProperty('lastError');
    answers.release();
    await backgroundWork();
    expect(keys.status().ageSeconds).toBe(0);
  });

  test.each([
    { title: 'ahead', seconds: HOUR },
    { title: 'back', seconds: -HOUR },
  ])('$title an hour while an answer is on its way refuses nobody', async ({ seconds }) => {
    const answers = heldKeys(() => google.jwks);
    const scene = await createScene({ answer: answers.answer });
    const early = scene.verify(await scene.token({ exp: scene.clock.now() / 1000 + 2 * HOUR }));
    await scene.server.requestsReach(1);

    scene.clock.advance(seconds);
    answers.release();
    scene.server.answerWith(goodKeys);

    expect(await outcome(early)).toBe(seconds < 0 ? 'token_not_yet_valid' : 'accepted');
    expect(await fetchesOf(scene, 50)).toBeLessThanOrEqual(1);
  });
});

describe('a clock that jumps during an outage', () => {
  async function createOutage(): Promise<Scene> {
    const scene = await createScene();
    await scene.keys.preload();
    // So long that the keys are past their freshness an hour ago, too.
    scene.clock.advance(FRESH_SECONDS + 2 * HOUR);
    scene.server.answerWith(send(503));
    // Often enough for the longest back-off.
    for (let attempt = 0; attempt < 8; attempt += 1) {
      expect(await fetchesOf(scene, 1)).toBe(1);
      scene.clock.advance(scene.keys.status().nextAttemptInSeconds ?? 0);
    }
    expect(await fetchesOf(scene, 1)).toBe(1);
    return scene;
  }

  test.each([
    { title: 'back', seconds: -HOUR },
    { title: 'ahead', seconds: HOUR },
  ])('$title an hour, causes one attempt, and then the back-off again', async ({ title, seconds }) => {
    const scene = await createOutage();
    expect(await fetchesOf(scene, 20)).toBe(0);

    scene.clock.advance(seconds);
    const fetches = await fetchesOf(scene, 50);

    console.log(`a clock that jumps ${title} an hour within a back-off: ${fetches} fetch in 50 requests`);
    expect(fetches).toBe(1);
    expect(scene.keys.status().nextAttemptInSeconds).toBeGreaterThan(40);
  });

  test.each([
    { title: 'back', seconds: -HOUR },
    { title: 'ahead', seconds: HOUR },
  ])('$title an hour, does not put off the recovery', async ({ seconds }) => {
    const scene = await createOutage();
    scene.clock.advance(seconds);
    scene.server.answerWith(goodKeys);

    expect(await fetchesOf(scene, 50)).toBe(1);
    expect(scene.keys.status()).toMatchObject({ state: 'fresh', ageSeconds: 0 });
  });

  test('back and forth, causes one attempt per jump at most', async () => {
    const scene = await createOutage();
    let fetches = 0;
    for (let jump = 0; jump < 20; jump += 1) {
      scene.clock.advance(jump % 2 === 0 ? -HOUR : HOUR);
      fetches += await fetchesOf(scene, 10);
    }

    console.log(`20 jumps during an outage, 200 requests: ${fetches} fetches`);
    expect(fetches).toBeLessThanOrEqual(20);
  });

  test('back by more than a day, lets nobody in with keys of which nothing is known any more', async () => {
    const { clock, keys, server, token, verify } = await createOutage();

    clock.advance(-3 * DAY);

    expect(await outcome(verify(await token()))).toBe('keys_unavailable');
    expect(keys.status()).toMatchObject({ state: 'expired', usable: false });
    server.answerWith(goodKeys);
    clock.advance(keys.status().nextAttemptInSeconds ?? 0);
    expect(await outcome(verify(await token()))).toBe('accepted');
  });
});

test('a clock that jumps back an hour keeps the rotated token of a stranger waiting for 15 seconds, not for an hour', async () => {
  const { clock, keys, token, verify, backgroundWork } = await createScene();
  await keys.preload();
  for (let index = 0; index < 10; index += 1) {
    await outcome(verify(await token({}, { kid: inventedKid() })));
  }

  clock.advance(-HOUR);
  await verify(await token());
  await backgroundWork();
  await google.rotateKeys();
  const rotated = await token({ sub: '300000000000000000000' });

  expect(await outcome(verify(rotated))).toBe('keys_unavailable');
  clock.advance(15);
  expect(await outcome(verify(rotated))).toBe('accepted');
});
