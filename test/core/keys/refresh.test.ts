import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { FRESH_SECONDS, heldKeys, reset } from './jwks-server.ts';
import { asOn, createScene, goodKeys, google, outcome, RUNTIMES, tally } from './scene.ts';

/** Past the moment when a refresh is due, whatever chance says: 75 % to 85 % of the lifetime. */
const DUE_SECONDS = FRESH_SECONDS * 0.86;
const NOT_DUE_SECONDS = FRESH_SECONDS * 0.74;

describe.each(RUNTIMES)('on %s', (runtime) => {
  test('500 concurrent verifications with no keys yet cost one fetch', async () => {
    const { server, verify, tokens } = await asOn(runtime, () => createScene());
    const good = await tokens(500);

    const outcomes = await tally(good.map(verify));

    console.log(`${runtime}: 500 cold verifications: ${server.requests} fetch`);
    expect(outcomes).toEqual({ accepted: 500 });
    expect(server.requests).toBe(1);
  });

  test('500 concurrent verifications at the expiry of the keys cost one fetch, and none is refused', async () => {
    const { server, clock, keys, verify, backgroundWork, tokens } = await asOn(runtime, () => createScene());
    await keys.preload();
    clock.advance(FRESH_SECONDS);
    const good = await tokens(500);

    const outcomes = await tally(good.map(verify));
    await backgroundWork();

    console.log(`${runtime}: 500 verifications at expiry: ${server.requests - 1} fetch`);
    expect(outcomes).toEqual({ accepted: 500 });
    expect(server.requests).toBe(2);
  });

  test('500 concurrent verifications of cached tokens at the expiry of the keys cost one fetch', async () => {
    const { server, clock, verify, backgroundWork, tokens } = await asOn(runtime, () => createScene());
    const good = await tokens(500, { exp: clock.now() / 1000 + 3 * FRESH_SECONDS });
    await tally(good.map(verify));
    clock.advance(FRESH_SECONDS);

    const outcomes = await tally(good.map(verify));
    await backgroundWork();

    expect(outcomes).toEqual({ accepted: 500 });
    expect(server.requests).toBe(2);
  });

  test('500 concurrent verifications while keys are due cost one fetch, and nobody waits for it', async () => {
    const { server, clock, keys, verify, backgroundWork, tokens } = await asOn(runtime, () => createScene());
    await keys.preload();
    const answers = heldKeys(() => google.jwks);
    server.answerWith(answers.answer);
    clock.advance(DUE_SECONDS);
    const good = await tokens(500);

    const outcomes = await tally(good.map(verify));
    await server.requestsReach(2);

    console.log(`${runtime}: 500 verifications with an answer that is withheld: ${server.requests - 1} fetch`);
    expect(outcomes).toEqual({ accepted: 500 });
    expect(server.requests).toBe(2);
    // The answer is still withheld: had anybody waited, it would have been until the time was up.
    expect(keys.status()).toMatchObject({ ageSeconds: DUE_SECONDS });
    expect(keys.status()).not.toHaveProperty('lastError');
    answers.release();
    await backgroundWork();
    expect(keys.status()).toMatchObject({ state: 'fresh', ageSeconds: 0, freshForSeconds: FRESH_SECONDS });
  });
});

describe('refresh ahead of time', () => {
  test('fetches nothing before three quarters of the lifetime', async () => {
    const { server, clock, keys, verify, backgroundWork, tokens } = await createScene();
    await keys.preload();

    clock.advance(NOT_DUE_SECONDS);
    await tally((await tokens(50)).map(verify));
    await backgroundWork();

    expect(server.requests).toBe(1);
  });

  test('brings new keys into use while the old ones are still fresh', async () => {
    const { server, clock, keys, token, verify, backgroundWork } = await createScene();
    const oldToken = await token();
    await verify(oldToken);
    const newKid = await google.rotateKeys();
    clock.advance(DUE_SECONDS);

    await verify(oldToken);
    await backgroundWork();
    expect(keys.status().keyIds).toContain(newKid);

    await verify(await token());
    expect(server.requests).toBe(2);
  });

  test.each([
    { chance: 0, percent: 75 },
    { chance: 1, percent: 85 },
  ])('is due at $percent % of the lifetime by chance, so that a fleet spreads out ($chance)', async (by) => {
    vi.spyOn(Math, 'random').mockReturnValue(by.chance);
    onTestFinished(() => void vi.restoreAllMocks());
    const { server, clock, keys, token, verify, backgroundWork } = await createScene();
    await keys.preload();

    clock.advance((FRESH_SECONDS * by.percent) / 100 - 1);
    await verify(await token());
    await backgroundWork();
    expect(server.requests).toBe(1);

    clock.advance(2);
    await verify(await token());
    await backgroundWork();
    expect(server.requests).toBe(2);
  });

  test('that fails in the background harms nobody, and is tried again after the back-off', async () => {
    const { server, clock, keys, token, verify, backgroundWork, tokens } = await createScene();
    await keys.preload();
    clock.advance(DUE_SECONDS);
    server.answerWith(reset);

    expect(await outcome(verify(await token()))).toBe('accepted');
    await backgroundWork();
    expect(keys.status()).toMatchObject({ state: 'fresh', lastError: expect.any(Error) });
    expect(await tally((await tokens(50)).map(verify))).toEqual({ accepted: 50 });
    await backgroundWork();
    expect(server.requests).toBe(2);

    server.answerWith(goodKeys);
    clock.advance(keys.status().nextAttemptInSeconds ?? 0);
    await verify(await token());
    await backgroundWork();
    expect(server.requests).toBe(3);
    expect(keys.status()).not.toHaveProperty('lastError');
  });
});

describe('waitUntil', () => {
  test('is given the refresh in the background', async () => {
    const { server, clock, keys, token, verifier } = await createScene();
    await keys.preload();
    clock.advance(DUE_SECONDS);
    const given: Promise<unknown>[] = [];

    await verifier.verify(await token(), { waitUntil: (promise) => void given.push(promise) });

    expect(given).toHaveLength(1);
    await given[0];
    expect(server.requests).toBe(2);
    expect(keys.status().ageSeconds).toBe(0);
  });

  test('is given the refresh that the request itself waits for: others wait for it too', async () => {
    const { token, verifier } = await createScene();
    const given: Promise<unknown>[] = [];

    await verifier.verify(await token(), { waitUntil: (promise) => void given.push(promise) });

    expect(given).toHaveLength(1);
  });

  test('makes nobody wait, also where it returns the promise that it was given', async () => {
    const { server, clock, keys, token, verifier } = await createScene();
    await keys.preload();
    const answers = heldKeys(() => google.jwks);
    server.answerWith(answers.answer);
    clock.advance(DUE_SECONDS);

    const result = await outcome(verifier.verify(await token(), { waitUntil: (promise) => promise }));

    expect(result).toBe('accepted');
    expect(keys.status()).toMatchObject({ ageSeconds: DUE_SECONDS });
    expect(keys.status()).not.toHaveProperty('lastError');
    answers.release();
  });

  test('of a context that is over fails no good token, and the refresh goes on', async () => {
    const { server, clock, keys, token, verifier } = await createScene();
    await keys.preload();
    clock.advance(DUE_SECONDS);
    const waitUntil = () => {
      throw new Error('The context is over.');
    };

    expect(await outcome(verifier.verify(await token(), { waitUntil }))).toBe('accepted');
    await vi.waitFor(() => expect(keys.status().ageSeconds).toBe(0));
    expect(server.requests).toBe(2);
  });

  test('whose promise is rejected fails nothing either', async () => {
    const { clock, keys, token, verifier } = await createScene();
    await keys.preload();
    clock.advance(DUE_SECONDS);
    // Were the rejection not taken care of, the test runner would report it.
    const waitUntil = () => Promise.reject(new Error('The context is over.'));

    expect(await outcome(verifier.verify(await token(), { waitUntil }))).toBe('accepted');
    await vi.waitFor(() => expect(keys.status().ageSeconds).toBe(0));
  });
});
