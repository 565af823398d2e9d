import { createFakeGoogle, type FakeGoogle } from '@id-token-guard/testing';
import { describe, expect, test } from 'vitest';
import { FRESH_SECONDS, heldKeys, keys as keysAnswer, slowKeys } from './jwks-server.ts';
import { AUDIENCE, asOn, type Clock, createScene, google, outcome, RUNTIMES, tally } from './scene.ts';

const DUE_SECONDS = FRESH_SECONDS * 0.9;

/** A token of a Google of one's own. */
function tokenFrom(other: FakeGoogle, clock: Clock, claims: object = {}, header: object = {}): Promise<string> {
  const iat = clock.now() / 1000;
  return other.idToken({ aud: AUDIENCE, iat, exp: iat + 3 * FRESH_SECONDS, ...claims }, { ...header });
}

describe.each(RUNTIMES)('200 workers, on %s', (runtime) => {
  test('go through ten rotations with a slow key URL, and no good token is refused', async () => {
    const answer = slowKeys(60, () => google.jwks);
    const { server, tokens, verify } = await asOn(runtime, () => createScene({ answer }));
    const outcomes = [await tally((await tokens(200)).map(verify))];
    for (let rotation = 0; rotation < 10; rotation += 1) {
      await google.rotateKeys();
      outcomes.push(await tally((await tokens(200)).map(verify)));
    }

    console.log(`${runtime}: 200 workers, 10 rotations: ${server.requests} fetches`);
    expect(outcomes).toEqual(Array(11).fill({ accepted: 200 }));
    expect(server.requests).toBe(11);
  });

  test('accept the tokens of the previous key throughout a rotation', async () => {
    const answer = slowKeys(60, () => google.jwks);
    const { server, keys, verify, tokens } = await asOn(runtime, () => createScene({ answer }));
    await keys.preload();
    const older = await tokens(100);
    await google.rotateKeys();
    const newer = await tokens(100);

    const mixed = older.flatMap((each, index) => [newer[index] ?? each, each]);

    expect(await tally(mixed.map(verify))).toEqual({ accepted: 200 });
    expect(server.requests).toBe(2);
  });

  test('whose new tokens come while an answer with the old keys is on its way are accepted', async () => {
    const { server, clock, token, tokens, verify, backgroundWork } = await asOn(runtime, () => createScene());
    await tally((await tokens(200)).map(verify));

    clock.advance(DUE_SECONDS);
    const answers = heldKeys(() => google.jwks);
    server.answerWith(answers.answer);
    await verify(await token());
    await server.requestsReach(2);
    await google.rotateKeys();
    server.answerWith(slowKeys(60, () => google.jwks));
    const rotated = await tokens(200);
    const verifications = tally(rotated.map(verify));
    answers.release();

    expect(await verifications).toEqual({ accepted: 200 });
    await backgroundWork();
    console.log(`${runtime}: a rotation behind the back of a refresh: ${server.requests - 1} fetches`);
    expect(server.requests - 1).toBe(2);
  });

  test('whose tokens come while the first answer of all is on its way, without their key, are accepted', async () => {
    const answers = heldKeys(() => google.jwks);
    const { server, token, verify, tokens } = await asOn(runtime, () => createScene({ answer: answers.answer }));
    const first = verify(await token());
    await server.requestsReach(1);

    await google.rotateKeys();
    server.answerWith(slowKeys(60, () => google.jwks));
    const rotated = await tokens(50);
    const verifications = tally(rotated.map(verify));
    answers.release();

    expect(await outcome(first)).toBe('accepted');
    expect(await verifications).toEqual({ accepted: 50 });
    expect(server.requests).toBe(2);
  });
});

describe('a key that Google removed', () => {
  test('stops working with the next refresh, also for tokens that were accepted before', async () => {
    const own = await createFakeGoogle();
    const { server, clock, keys, verify, backgroundWork } = await createScene({ answer: keysAnswer(() => own.jwks) });
    const [seen, unseen] = [await tokenFrom(own, clock), await tokenFrom(own, clock)];
    await verify(seen);
    const newKid = await own.rotateKeys({ withdrawOld: true });

    clock.advance(DUE_SECONDS);
    expect(await outcome(verify(seen))).toBe('accepted');
    await backgroundWork();

    expect(keys.status().keyIds).toEqual([newKid]);
    expect(await outcome(verify(seen))).toBe('key_unknown');
    expect(await outcome(verify(unseen))).toBe('key_unknown');
    expect(await outcome(verify(await tokenFrom(own, clock)))).toBe('accepted');
    console.log(`a removed key: ${server.requests - 1} fetches, one of them the refresh`);
  });

  test('stops working with a refresh that an unknown key id has caused', async () => {
    const own = await createFakeGoogle();
    const { clock, verify } = await createScene({ answer: keysAnswer(() => own.jwks) });
    const seen = await tokenFrom(own, clock);
    await verify(seen);
    await own.rotateKeys({ withdrawOld: true });

    expect(await outcome(verify(seen))).toBe('accepted');
    expect(await outcome(verify(await tokenFrom(own, clock)))).toBe('accepted');
    expect(await outcome(verify(seen))).toBe('key_unknown');
  });

  test('stops working for many concurrent requests with cached tokens', async () => {
    const own = await createFakeGoogle();
    const { server, clock, verify, backgroundWork } = await createScene({ answer: keysAnswer(() => own.jwks) });
    const seen = await Promise.all(
      Array.from({ length: 20 }, (_, index) => tokenFrom(own, clock, { jti: `${index}` })),
    );
    await tally(seen.map(verify));
    await own.rotateKeys({ withdrawOld: true });
    clock.advance(FRESH_SECONDS);

    expect(await tally(seen.map(verify))).toEqual({ key_unknown: 20 });
    await backgroundWork();
    console.log(`20 cached tokens of a removed key: ${server.requests - 1} fetches`);
    expect(server.requests - 1).toBeLessThanOrEqual(3);
  });

  test('works again, once it is published again', async () => {
    const own = await createFakeGoogle();
    const published = own.jwks;
    let jwks: object = published;
    const { clock, verify } = await createScene({ answer: keysAnswer(() => jwks) });
    const seen = await tokenFrom(own, clock);
    await verify(seen);

    await own.rotateKeys({ withdrawOld: true });
    jwks = own.jwks;
    await verify(await tokenFrom(own, clock));
    expect(await outcome(verify(seen))).toBe('key_unknown');

    jwks = published;
    clock.advance(FRESH_SECONDS);
    expect(await outcome(verify(seen))).toBe('accepted');
  });
});

describe('a key id under which Google publishes another key', () => {
  test('no longer verifies the tokens of the first one, cached ones included', async () => {
    const own = await createFakeGoogle();
    const underOneId = () => ({ keys: own.jwks.keys.map((key) => ({ ...key, kid: 'the-same' })) });
    const { clock, verify, backgroundWork } = await createScene({ answer: keysAnswer(underOneId) });
    const seen = await tokenFrom(own, clock, { jti: 'seen' }, { kid: 'the-same' });
    const unseen = await tokenFrom(own, clock, { jti: 'unseen' }, { kid: 'the-same' });
    await verify(seen);
    await own.rotateKeys({ withdrawOld: true });

    clock.advance(DUE_SECONDS);
    expect(await outcome(verify(seen))).toBe('accepted');
    await backgroundWork();

    expect(await outcome(verify(seen))).toBe('signature_invalid');
    expect(await outcome(verify(unseen))).toBe('signature_invalid');
    expect(await outcome(verify(await tokenFrom(own, clock, {}, { kid: 'the-same' })))).toBe('accepted');
  });

  test('is ambiguous where both are published, and verifies neither', async () => {
    const own = await createFakeGoogle();
    const underOneId = () => ({ keys: own.jwks.keys.map((key) => ({ ...key, kid: 'the-same' })) });
    const answer = keysAnswer(() => ({ keys: [...underOneId().keys, ...google.jwks.keys] }));
    const { clock, keys, verify } = await createScene({ answer });
    const older = await tokenFrom(own, clock, {}, { kid: 'the-same' });
    await own.rotateKeys();

    expect(await outcome(verify(older))).toBe('key_unknown');
    expect(await outcome(verify(await tokenFrom(own, clock, {}, { kid: 'the-same' })))).toBe('key_unknown');
    expect(keys.status().keyIds).not.toContain('the-same');
  });
});

describe('a key that stays', () => {
  test('stays the same object over a refresh, so that accepted tokens stay in the cache', async () => {
    const fromCache: boolean[] = [];
    const { clock, keys, token, verify } = await createScene({
      verifier: {
        onEvent(event) {
          if (event.type === 'token_accepted') {
            fromCache.push(event.fromCache);
          }
        },
      },
    });
    const lasting = await token({ exp: clock.now() / 1000 + 3 * FRESH_SECONDS });
    await verify(lasting);
    const [kid = ''] = keys.status().keyIds;
    const before = await keys.get(kid);

    clock.advance(FRESH_SECONDS);
    await verify(lasting);

    expect(keys.status().ageSeconds).toBe(0);
    expect(await keys.get(kid)).toBe(before);
    expect(fromCache).toEqual([false, true]);
  });
});
