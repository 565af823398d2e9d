import { describe, expect, test } from 'vitest';
import { type Answer, FRESH_SECONDS, type JwksServer, keys as keysAnswer } from './jwks-server.ts';
import { type Clock, createScene, google, outcome } from './scene.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;
const TOO_OLD =
  'The answer of the key URL is older than it may be: a cache keeps it, or the clock of this machine is ahead.';

/** What `Date` says of a moment that is so many seconds ago by this clock. */
function ago(clock: Clock, seconds: number): string {
  return new Date(clock.now() - seconds * 1000).toUTCString();
}

interface Ages {
  readonly maxAge?: number | undefined;
  /** How long ago `Date` is. */
  readonly date?: number;
  readonly age?: number | string | undefined;
}

/** The keys with these ages, worked out when the request comes. */
function aged(clock: Clock, { maxAge, date, age }: Ages): Answer {
  return (response, request) =>
    keysAnswer(() => google.jwks, {
      'cache-control': maxAge === undefined ? 'public' : `public, max-age=${maxAge}`,
      ...(date !== undefined && { date: ago(clock, date) }),
      ...(age !== undefined && { age: `${age}` }),
    })(response, request);
}

/** Answers with what the keys were when the first request came, and says so by `Date` alone, as a framework's cache. */
function keepFirstAnswer(server: JwksServer, clock: Clock): void {
  const [jwks, date] = [structuredClone(google.jwks), ago(clock, 0)];
  server.answerWith(keysAnswer(() => jwks, { date }));
}

describe('an answer is fresh for', () => {
  test.each<{ title: string; ages: Ages; seconds: number }>([
    { title: 'max-age less the time since Date', ages: { maxAge: 3600, date: 1000 }, seconds: 2600 },
    { title: 'the same where Age says as much', ages: { maxAge: 3600, date: 1000, age: 1000 }, seconds: 2600 },
    { title: 'the same where Age says less', ages: { maxAge: 3600, date: 1000, age: 100 }, seconds: 2600 },
    { title: 'max-age less Age, where that is more', ages: { maxAge: 3600, date: 100, age: 1000 }, seconds: 2600 },
    { title: 'a minute at least, at the end of its time', ages: { maxAge: 3600, date: 3600 }, seconds: 60 },
    { title: 'a minute, at the end of its time by Age', ages: { maxAge: 3600, age: 3600 }, seconds: 60 },
    { title: 'a day at most', ages: { maxAge: 30 * DAY, date: DAY }, seconds: DAY },
    { title: 'max-age, a minute after Date: clocks differ', ages: { maxAge: 3600, date: 60 }, seconds: 3600 },
    { title: 'max-age less 61 seconds, at 61', ages: { maxAge: 3600, date: 61 }, seconds: 3539 },
    { title: 'max-age, at a Date in the future', ages: { maxAge: 3600, date: -5000 }, seconds: 3600 },
    { title: 'a minute at max-age=0, a minute after Date', ages: { maxAge: 0, date: 60 }, seconds: 60 },
    { title: 'a minute at max-age=0 and Age 60', ages: { maxAge: 0, age: 60 }, seconds: 60 },
    { title: 'five minutes without max-age, as long after Date', ages: { date: 300 }, seconds: 300 },
  ])('$title', async ({ ages, seconds }) => {
    const { server, keys, clock } = await createScene();
    server.answerWith(aged(clock, ages));

    await keys.preload();

    expect(keys.status().freshForSeconds).toBe(seconds);
  });

  test.each([
    '',
    '0',
    'yesterday',
    '2025-10-09',
    'on Thu, 09 Oct 2025 05:53:20 GMT',
    'Thu, 09 Oct 2025 05:53:20 GMT (UTC)',
    'Thu, 09 Oct 1925 08:53:20 +0000',
    'Thursday, 09-Oct-25 08:53:20 GMT',
  ])('max-age where Date is no date of HTTP: %j', async (date) => {
    const { keys } = await createScene({ answer: keysAnswer(() => google.jwks, { date }) });

    await keys.preload();

    expect(keys.status().freshForSeconds).toBe(FRESH_SECONDS);
  });
});

describe('an answer that is older than it may be is none', () => {
  test.each<{ title: string; ages: Ages }>([
    { title: 'by Date', ages: { maxAge: 3600, date: 3601 } },
    { title: 'by Age', ages: { maxAge: 3600, age: 3601 } },
    { title: 'by Age, without Date', ages: { maxAge: 3600, age: 3601, date: Number.NaN } },
    { title: 'by an absurd Age', ages: { maxAge: 3600, age: '9'.repeat(400) } },
    { title: 'by Date, where Age says that it is new', ages: { maxAge: 3600, date: 7200, age: 0 } },
    { title: 'by Age, where Date says that it is new', ages: { maxAge: 3600, date: 0, age: 7200 } },
    { title: 'by Date, with max-age=0', ages: { maxAge: 0, date: 61 } },
    { title: 'by Age, with max-age=0', ages: { maxAge: 0, age: 61 } },
    { title: 'by Date, without max-age', ages: { date: 301 } },
    { title: 'by Age, without max-age', ages: { age: 301 } },
  ])('$title', async ({ ages }) => {
    const { server, keys, clock, verifier, token, events } = await createScene();
    server.answerWith(aged(clock, ages));

    await expect(verifier.verify(await token())).rejects.toMatchObject({
      code: 'keys_unavailable',
      status: 503,
      retryAfterSeconds: expect.any(Number),
      hint: expect.stringContaining(TOO_OLD),
    });

    expect(keys.status()).toMatchObject({ state: 'empty', usable: false, keyIds: [] });
    expect(events).toMatchObject([{ type: 'keys_refresh_failed', error: { message: TOO_OLD } }]);
  });
});

describe('a copy that somebody keeps for ever', () => {
  test('is believed for as long as the answer itself, and used as stale for a day more, with events', async () => {
    const { server, keys, clock, verify, token, events, backgroundWork } = await createScene();
    keepFirstAnswer(server, clock);
    await keys.preload();

    clock.advance(0.9 * FRESH_SECONDS);
    await verify(await token());
    await backgroundWork();
    expect(keys.status()).toMatchObject({ state: 'fresh', freshForSeconds: 0.1 * FRESH_SECONDS });
    events.length = 0;

    clock.advance(0.1 * FRESH_SECONDS + 1);
    expect(await outcome(verify(await token()))).toBe('accepted');
    expect(events.map(({ type }) => type)).toEqual(['keys_refresh_failed', 'keys_stale_used']);
    expect(keys.status()).toMatchObject({ state: 'stale', lastError: { message: TOO_OLD } });

    clock.advance(DAY - 2);
    expect(await outcome(verify(await token()))).toBe('accepted');
    clock.advance(2);
    expect(await outcome(verify(await token()))).toBe('keys_unavailable');
    expect(keys.status()).toMatchObject({ state: 'expired' });
  });

  test('lets no token of a withdrawn key in after a restart, however often it is asked for', async () => {
    const { server, clock, another, token } = await createScene();
    keepFirstAnswer(server, clock);
    clock.advance(FRESH_SECONDS + 1);
    const old = await token();
    await google.rotateKeys({ withdrawOld: true });
    const { verify, keys } = another();

    for (let attempt = 0; attempt < 5; attempt += 1) {
      expect(await outcome(verify(old))).toBe('keys_unavailable');
      clock.advance(keys.status().nextAttemptInSeconds ?? 0);
    }
    expect(server.requests).toBe(5);
  });
});

describe('a clock of ours that is ahead', () => {
  /** A server whose clock is behind ours, in front of Google or not; each answer is new. */
  async function createSceneAhead(seconds: number, age?: number) {
    const scene = await createScene();
    let requests = 0;
    scene.server.answerWith((response, request) => {
      const sinceFirst = requests++ * 2;
      // In front of Google, `Date` stands still and `Age` goes on.
      const ageNow = age === undefined ? undefined : age + sinceFirst;
      const ages = { maxAge: FRESH_SECONDS, date: seconds + (ageNow ?? 0), age: ageNow };
      aged(scene.clock, ages)(response, request);
    });
    return scene;
  }

  test('by a minute is not held against an answer', async () => {
    const { keys } = await createSceneAhead(60);

    await keys.preload();

    expect(keys.status().freshForSeconds).toBe(FRESH_SECONDS);
  });

  test.each([
    { title: 'Google itself', age: undefined },
    { title: 'a cache in front of it', age: 100 },
  ])('by hours costs one attempt: the next answer of $title tells that the clock is off', async ({ age }) => {
    const { keys, clock, verify, token } = await createSceneAhead(5 * HOUR, age);
    expect(await outcome(verify(await token()))).toBe('keys_unavailable');
    clock.advance(2);

    expect(await outcome(verify(await token()))).toBe('accepted');

    expect(keys.status()).toMatchObject({ state: 'fresh', freshForSeconds: FRESH_SECONDS - (age ? age + 2 : 0) });
  });

  test.each([
    { seconds: 5, is: 'accepted' },
    { seconds: 6, is: 'keys_unavailable' },
  ])('is known again where answers seem $seconds s apart: $is', async ({ seconds, is }) => {
    const { server, clock, verify, token } = await createScene();
    server.answerWith(aged(clock, { maxAge: HOUR, date: 9 * HOUR }));
    expect(await outcome(verify(await token()))).toBe('keys_unavailable');
    clock.advance(2 + seconds);
    server.answerWith(aged(clock, { maxAge: HOUR, date: 9 * HOUR + seconds }));

    expect(await outcome(verify(await token()))).toBe(is);
  });

  test('is not what another old copy is', async () => {
    const { server, keys, clock, verify, token } = await createScene();
    server.answerWith(aged(clock, { maxAge: HOUR, date: 9 * HOUR }));
    expect(await outcome(verify(await token()))).toBe('keys_unavailable');
    clock.advance(keys.status().nextAttemptInSeconds ?? 0);
    server.answerWith(aged(clock, { maxAge: HOUR, date: 8 * HOUR }));

    expect(await outcome(verify(await token()))).toBe('keys_unavailable');
  });
});
