import { describe, expect, test } from 'vitest';
import { FRESH_SECONDS, heldKeys, reset, send } from './jwks-server.ts';
import { createScene, goodKeys, google, outcome } from './scene.ts';

const DAY = 24 * 3600;
const kids = () => google.jwks.keys.map(({ kid }) => kid);

describe('the status', () => {
  test('is empty before the first keys', async () => {
    const { keys, server } = await createScene();

    expect(keys.status()).toStrictEqual({ state: 'empty', usable: false, keyIds: [] });
    expect(server.requests).toBe(0);
  });

  test('is empty, with the reason, after a first attempt that failed', async () => {
    const { keys } = await createScene({ answer: send(503) });
    await keys.preload().catch(() => {});

    expect(keys.status()).toStrictEqual({
      state: 'empty',
      usable: false,
      keyIds: [],
      lastError: new Error('The key URL answered with status 503.'),
      nextAttemptInSeconds: expect.toSatisfy((seconds) => seconds >= 1 && seconds <= 1.25),
    });
  });

  test('is fresh with keys, and counts down', async () => {
    const { keys, clock } = await createScene();
    await keys.preload();
    clock.advance(600);

    expect(keys.status()).toStrictEqual({
      state: 'fresh',
      usable: true,
      keyIds: kids(),
      ageSeconds: 600,
      freshForSeconds: FRESH_SECONDS - 600,
      usableForSeconds: FRESH_SECONDS - 600 + DAY,
    });
  });

  test('is still fresh while a refresh is due', async () => {
    const { keys, clock, server } = await createScene();
    await keys.preload();
    clock.advance(FRESH_SECONDS - 1);

    expect(keys.status()).toMatchObject({ state: 'fresh', usable: true, freshForSeconds: 1 });
    expect(server.requests).toBe(1);
  });

  test('is fresh, with the reason, while refreshes ahead of time fail', async () => {
    const { keys, clock, server, token, verify, backgroundWork } = await createScene();
    await keys.preload();
    server.answerWith(send(404));
    clock.advance(FRESH_SECONDS * 0.9);
    await verify(await token());
    await backgroundWork();

    expect(keys.status()).toMatchObject({
      state: 'fresh',
      usable: true,
      lastError: new Error('The key URL answered with status 404.'),
      nextAttemptInSeconds: expect.any(Number),
    });
  });

  test('is stale past the freshness, and usable', async () => {
    const { keys, clock } = await createScene();
    await keys.preload();
    clock.advance(FRESH_SECONDS + 600);

    expect(keys.status()).toStrictEqual({
      state: 'stale',
      usable: true,
      keyIds: kids(),
      ageSeconds: FRESH_SECONDS + 600,
      freshForSeconds: -600,
      usableForSeconds: DAY - 600,
    });
  });

  test('is expired after a day of that, and not usable', async () => {
    const { keys, clock } = await createScene();
    await keys.preload();
    clock.advance(FRESH_SECONDS + DAY);

    expect(keys.status()).toMatchObject({ state: 'expired', usable: false, usableForSeconds: 0 });
  });

  test('says when the next attempt may be made, down to 0', async () => {
    const { keys, clock } = await createScene({ answer: reset });
    await keys.preload().catch(() => {});

    clock.advance(0.5);
    expect(keys.status().nextAttemptInSeconds).toBeGreaterThan(0.4);
    clock.advance(10);
    expect(keys.status().nextAttemptInSeconds).toBe(0);
  });

  test('changes nothing: it never fetches', async () => {
    const { keys, clock, server } = await createScene();
    for (let hour = 0; hour < 100; hour += 1) {
      keys.status();
      keys.snapshot();
      clock.advance(3600);
    }
    expect(server.requests).toBe(0);
  });

  test('is a copy: what is done to it does nothing to the keys', async () => {
    const { keys, token, verify } = await createScene();
    await keys.preload();
    (keys.status().keyIds as string[]).length = 0;

    expect(keys.status().keyIds).toEqual(kids());
    expect(await outcome(verify(await token()))).toBe('accepted');
  });
});

describe('preload()', () => {
  test('fetches the keys once, so that the first request does not wait', async () => {
    const { keys, server, token, verify } = await createScene();
    await keys.preload();
    await keys.preload();
    await Promise.all(Array.from({ length: 20 }, () => keys.preload()));
    expect(server.requests).toBe(1);

    await verify(await token());
    expect(server.requests).toBe(1);
  });

  test('shares its fetch with requests', async () => {
    const { keys, server, token, verify } = await createScene();

    await Promise.all([keys.preload(), verify(await token()), keys.preload()]);

    expect(server.requests).toBe(1);
  });

  test('rejects where there are no keys, and may be called again', async () => {
    const { keys, server, clock } = await createScene({ answer: reset });

    await expect(keys.preload()).rejects.toMatchObject({
      name: 'GoogleIdTokenError',
      code: 'keys_unavailable',
      retryAfterSeconds: 2,
    });
    await expect(keys.preload()).rejects.toMatchObject({ code: 'keys_unavailable' });
    expect(server.requests).toBe(1);

    server.answerWith(goodKeys);
    clock.advance(keys.status().nextAttemptInSeconds ?? 0);
    await keys.preload();
    expect(keys.status()).toMatchObject({ state: 'fresh', usable: true });
  });

  test('is content with keys past their freshness while Google cannot be reached', async () => {
    const { keys, server, clock } = await createScene();
    await keys.preload();
    server.answerWith(reset);
    clock.advance(FRESH_SECONDS + 1);

    await keys.preload();

    expect(keys.status()).toMatchObject({ state: 'stale', usable: true });
  });

  test('does not wait for a refresh ahead of time', async () => {
    const { keys, server, clock } = await createScene();
    await keys.preload();
    const answers = heldKeys(() => google.jwks);
    server.answerWith(answers.answer);
    clock.advance(FRESH_SECONDS * 0.9);

    await keys.preload();

    expect(keys.status()).not.toHaveProperty('lastError');
    await server.requestsReach(2);
    answers.release();
  });
});
