import { createFakeGoogle } from '@id-token-guard/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type BadAnswer, badAnswers, keysOf, padded } from './bad-answers.ts';
import { type Answer, FRESH_SECONDS, heldKeys, redirectTo, reset, send, startJwksServer } from './jwks-server.ts';
import { AUDIENCE, createScene, goodKeys, google, outcome, type Scene, tally } from './scene.ts';

const DAY = 24 * 3600;

/** A process whose keys are past their freshness when the key URL begins to answer like this. */
async function createStaleScene(answer: Answer, timeoutSeconds = 5): Promise<Scene> {
  const scene = await createScene({ keySet: { timeoutSeconds } });
  await scene.keys.preload();
  scene.clock.advance(FRESH_SECONDS + 1);
  scene.server.answerWith(answer);
  return scene;
}

/** Endless answers need not take the default of five seconds. */
function timeoutFor(bad: BadAnswer): number {
  return bad.endless ? 1 : 5;
}

/** Lets the back-off pass. */
function waitForNextAttempt({ clock, keys }: Scene): void {
  clock.advance(keys.status().nextAttemptInSeconds ?? 0);
}

describe.each(badAnswers)('a key URL that answers with $title', (bad) => {
  test('harms no good token, causes no storm, and is over with the first good answer', async () => {
    const scene = await createStaleScene(bad.answer, timeoutFor(bad));
    const { server, keys, events, token, verify, backgroundWork, tokens } = scene;

    for (let request = 1; request <= 5; request += 1) {
      expect(await outcome(verify(await token()))).toBe('accepted');
    }
    await backgroundWork();
    const outcomes = await tally((await tokens(20)).map(verify));
    await backgroundWork();

    console.log(`${bad.title}: 25 verifications, ${server.requests - 1} fetch`);
    expect(outcomes).toEqual({ accepted: 20 });
    expect(server.requests - 1).toBe(1);
    expect(keys.status()).toMatchObject({ state: 'stale', usable: true, lastError: expect.any(Error) });
    expect(keys.status().lastError?.message).toMatch(bad.says);
    expect(events.filter(({ type }) => type === 'keys_refresh_failed')).toHaveLength(1);
    expect(events.filter(({ type }) => type === 'keys_stale_used')).toHaveLength(25);

    server.answerWith(goodKeys);
    waitForNextAttempt(scene);
    expect(await outcome(verify(await token()))).toBe('accepted');
    await backgroundWork();
    expect(keys.status()).toMatchObject({ state: 'fresh', ageSeconds: 0 });
    expect(keys.status()).not.toHaveProperty('lastError');
    expect(server.requests - 1).toBe(2);
  });

  test('is an outage after a day of it, until the first good answer', async () => {
    const scene = await createStaleScene(bad.answer, timeoutFor(bad));
    const { server, clock, keys, token, verify } = scene;

    clock.advance(DAY - 2);
    expect(await outcome(verify(await token()))).toBe('accepted');
    clock.advance(2);
    await expect(verify(await token())).rejects.toMatchObject({
      code: 'keys_unavailable',
      status: 503,
      retryAfterSeconds: expect.toSatisfy((seconds) => Number.isInteger(seconds) && seconds >= 1 && seconds <= 60),
      hint: expect.stringContaining(server.url),
      cause: expect.objectContaining({ message: expect.stringMatching(bad.says) }),
    });
    expect(keys.status()).toMatchObject({ state: 'expired', usable: false });

    server.answerWith(goodKeys);
    waitForNextAttempt(scene);
    expect(await outcome(verify(await token()))).toBe('accepted');
  });
});

describe('an outage', () => {
  test('is asked about less and less often: from every second to every minute', async () => {
    const { server, clock, keys, events, token, verify } = await createStaleScene(send(503));
    const before = server.requests;

    const end = clock.now() + 10 * 60_000;
    for (; clock.now() < end; clock.advance(0.25)) {
      const background: Promise<unknown>[] = [];
      await keys.get('any', { waitUntil: (promise) => void background.push(promise) });
      await Promise.all(background);
    }

    const waits = events.flatMap((event) => (event.type === 'keys_refresh_failed' ? [event.nextAttemptInSeconds] : []));
    console.log(`2,400 requests in ten minutes of outage: ${server.requests - before} fetches`);
    console.log(`waits: ${waits.map((seconds) => seconds.toFixed(1)).join(', ')} s`);
    expect(server.requests - before).toBe(waits.length);
    expect(waits.length).toBeLessThanOrEqual(6 + Math.ceil(600 / 48));
    for (const [index, seconds] of waits.entries()) {
      const longest = Math.min(60, 1.25 * 2 ** index);
      expect(seconds).toBeGreaterThanOrEqual(longest * 0.8);
      expect(seconds).toBeLessThanOrEqual(longest);
    }
    expect(await outcome(verify(await token()))).toBe('accepted');
  });

  test('makes one request wait; after that nobody waits for an attempt', async () => {
    const scene = await createStaleScene(send(503));
    const { server, events, keys, tokens, verify, backgroundWork } = scene;
    const failures = () => events.filter(({ type }) => type === 'keys_refresh_failed').length;
    const good = await tokens(50);
    await verify(`${good[0]}`);
    expect(failures()).toBe(1);

    const answers = heldKeys(() => google.jwks);
    server.answerWith(answers.answer);
    waitForNextAttempt(scene);
    expect(await tally(good.map(verify))).toEqual({ accepted: 50 });
    await server.requestsReach(3);

    // The answer is still withheld: had anybody waited, it would have been until the time was up.
    expect(failures()).toBe(1);
    expect(keys.status().state).toBe('stale');
    answers.release();
    await backgroundWork();
    expect(keys.status().state).toBe('fresh');
  });

  test('lasts as long as `maxStaleSeconds` says before tokens are refused', async () => {
    const { server, clock, keys, token, verify } = await createScene({ keySet: { maxStaleSeconds: 600 } });
    await keys.preload();
    server.answerWith(reset);

    clock.advance(FRESH_SECONDS + 599);
    expect(await outcome(verify(await token()))).toBe('accepted');
    clock.advance(1);
    expect(await outcome(verify(await token()))).toBe('keys_unavailable');
  });

  test('refuses tokens as soon as keys are past their freshness where `maxStaleSeconds` is 0', async () => {
    const { server, clock, keys, token, verify } = await createScene({ keySet: { maxStaleSeconds: 0 } });
    await keys.preload();
    server.answerWith(reset);

    clock.advance(FRESH_SECONDS - 1);
    expect(await outcome(verify(await token()))).toBe('accepted');
    clock.advance(1);
    expect(await outcome(verify(await token()))).toBe('keys_unavailable');
  });

  test('refuses cached tokens, too, once the keys are too old', async () => {
    const { server, clock, token, verify } = await createScene({ keySet: { maxStaleSeconds: 60 } });
    const cached = await token({ exp: clock.now() / 1000 + DAY });
    await verify(cached);
    server.answerWith(reset);

    clock.advance(FRESH_SECONDS + 30);
    expect(await outcome(verify(cached))).toBe('accepted');
    clock.advance(30);
    expect(await outcome(verify(cached))).toBe('keys_unavailable');
  });

  test('turns bad tokens away as before', async () => {
    const { token, verify } = await createStaleScene(send(503));
    const good = await token();
    const [header, , signature] = good.split('.');
    const [, otherClaims] = (await token()).split('.');

    expect(await outcome(verify(`${header}.${otherClaims}.${signature}`))).toBe('signature_invalid');
    expect(await outcome(verify(await token({ aud: 'https://other.example.com' })))).toBe('audience_mismatch');
  });

  test('makes the key of a token that may be good unknown for now, not for good', async () => {
    const { token, verify } = await createStaleScene(send(503));
    await verify(await token());

    await expect(verify(await token({}, { kid: 'published-meanwhile' }))).rejects.toMatchObject({
      code: 'keys_unavailable',
      retryAfterSeconds: expect.any(Number),
    });
  });
});

describe('a redirect', () => {
  test.each([301, 302, 303, 307, 308])('with status %i to the keys of an attacker is not followed', async (status) => {
    const attacker = await createFakeGoogle();
    const elsewhere = await startJwksServer(keysOf(attacker));
    onTestFinished(() => elsewhere.close());
    const { keys, clock, token, verify, backgroundWork } = await createStaleScene(redirectTo(elsewhere.url, status));
    const iat = clock.now() / 1000;
    const forged = await attacker.idToken({ aud: AUDIENCE, iat, exp: iat + 3600 });

    expect(await outcome(verify(await token()))).toBe('accepted');
    expect(await outcome(verify(forged))).toBe('keys_unavailable');
    await backgroundWork();

    expect(elsewhere.requests).toBe(0);
    expect(keys.status().lastError?.message).toContain(`status ${status}`);
    expect(keys.status().keyIds).toEqual(google.jwks.keys.map(({ kid }) => kid));
  });

  test('back to the key URL itself is not followed either', async () => {
    const scene = await createScene();
    scene.server.answerWith(redirectTo(scene.server.url));

    expect(await outcome(scene.verify(await scene.token()))).toBe('keys_unavailable');
    expect(scene.server.requests).toBe(1);
  });
});

describe('an answer counts', () => {
  test('up to 64 KiB', async () => {
    const { token, verify } = await createScene({ answer: padded(64 * 1024) });

    expect(await outcome(verify(await token()))).toBe('accepted');
  });

  test('not with one byte more', async () => {
    const { keys, token, verify } = await createScene({ answer: padded(64 * 1024 + 1) });

    expect(await outcome(verify(await token()))).toBe('keys_unavailable');
    expect(keys.status().lastError?.message).toBe('The answer of the key URL is larger than 64 KiB.');
  });

  test('with one usable key among many that are not', async () => {
    const answer = send(200, JSON.stringify({ keys: [null, { kty: 'EC', kid: 'x' }, ...google.jwks.keys, 1] }));
    const { keys, token, verify } = await createScene({ answer });

    expect(await outcome(verify(await token()))).toBe('accepted');
    expect(keys.status().keyIds).toEqual(google.jwks.keys.map(({ kid }) => kid));
  });

  test('whatever type it claims to have', async () => {
    const answer = send(200, JSON.stringify(google.jwks), { 'content-type': 'text/plain' });
    const { token, verify } = await createScene({ answer });

    expect(await outcome(verify(await token()))).toBe('accepted');
  });
});
