import { describe, expect, test } from 'vitest';
import { refusalOf } from '../refusal-of.ts';
import { FRESH_SECONDS, reset, send, slowly } from './jwks-server.ts';
import { asOn, createScene, goodKeys, google, inventedKid, outcome, RUNTIMES, tally } from './scene.ts';

const FAMILIAR = { sub: '111111111111111111111' };
const ATTACKER = { sub: '222222222222222222222' };
const STRANGER = { sub: '333333333333333333333' };

describe.each(RUNTIMES)('200 unknown key ids at once, on %s', (runtime) => {
  test('cost at most two fetches, and harm no good token', async () => {
    const { server, keys, verify, tokens, flood } = await asOn(runtime, () => createScene());
    await keys.preload();
    const invented = await flood(200, ATTACKER);
    const good = await tokens(50, FAMILIAR);

    const [refused, accepted] = await Promise.all([tally(invented.map(verify)), tally(good.map(verify))]);

    console.log(`${runtime}: 200 unknown key ids at once: ${server.requests - 1} fetches`);
    expect(refused).toEqual({ key_unknown: 200 });
    expect(accepted).toEqual({ accepted: 50 });
    expect(server.requests - 1).toBeLessThanOrEqual(2);
  });

  test('cost at most two fetches where there are no keys yet', async () => {
    const { server, verify, tokens, flood } = await asOn(runtime, () => createScene());
    const invented = await flood(200, ATTACKER);
    const good = await tokens(50, FAMILIAR);

    const [refused, accepted] = await Promise.all([tally(invented.map(verify)), tally(good.map(verify))]);

    console.log(`${runtime}: 200 unknown key ids at once, cold: ${server.requests} fetches`);
    expect(refused).toEqual({ key_unknown: 200 });
    expect(accepted).toEqual({ accepted: 50 });
    expect(server.requests).toBeLessThanOrEqual(2);
  });

  test('cost at most two fetches beside the refresh where keys are due', async () => {
    const { server, clock, keys, verify, backgroundWork, flood } = await asOn(runtime, () => createScene());
    await keys.preload();
    clock.advance(FRESH_SECONDS * 0.9);
    server.answerWith(slowly(50, goodKeys));
    const invented = await flood(200, ATTACKER);

    const refused = await tally(invented.map(verify));
    await backgroundWork();

    console.log(`${runtime}: 200 unknown key ids at once, keys due: ${server.requests - 1} fetches`);
    expect(refused).toEqual({ key_unknown: 200 });
    expect(server.requests - 1).toBeLessThanOrEqual(3);
  });
});

describe('200 unknown key ids one after the other', () => {
  test('cost at most two fetches, and harm no good token', async () => {
    const { server, keys, token, verify } = await createScene();
    await keys.preload();
    const outcomes: Record<string, number> = {};
    for (let index = 0; index < 200; index += 1) {
      const result = await outcome(verify(await token(ATTACKER, { kid: inventedKid() })));
      outcomes[result] = (outcomes[result] ?? 0) + 1;
      if (index % 10 === 0) {
        expect(await outcome(verify(await token(FAMILIAR)))).toBe('accepted');
      }
    }

    console.log(`200 unknown key ids one after the other: ${server.requests - 1} fetches`);
    expect(outcomes).toEqual({ key_unknown: 1, keys_unavailable: 199 });
    expect(server.requests - 1).toBeLessThanOrEqual(2);
  });

  test('cost four fetches a minute at most', async () => {
    const { server, clock, keys, token, verify } = await createScene();
    await keys.preload();
    for (let second = 0; second < 60; second += 0.5) {
      await outcome(verify(await token(ATTACKER, { kid: inventedKid() })));
      clock.advance(0.5);
    }

    console.log(`a minute with two unknown key ids a second: ${server.requests - 1} fetches`);
    expect(server.requests - 1).toBeLessThanOrEqual(5);
  });

  test('of a familiar caller, even, cost two fetches in 30 seconds', async () => {
    const { server, token, verify } = await createScene();
    await verify(await token(FAMILIAR));
    const outcomes: string[] = [];
    for (let index = 0; index < 100; index += 1) {
      outcomes.push(await outcome(verify(await token(FAMILIAR, { kid: inventedKid() }))));
    }

    expect(outcomes).toEqual(['key_unknown', 'key_unknown', ...Array(98).fill('keys_unavailable')]);
    console.log(`100 unknown key ids of a familiar caller: ${server.requests - 1} fetches`);
    expect(server.requests - 1).toBe(2);
  });
});

describe('unknown key ids beside claims that would be refused anyway', () => {
  test.each([
    { title: 'an expired token', claims: (now: number) => ({ iat: now - 7200, exp: now - 3600 }) },
    { title: 'another audience', claims: () => ({ aud: 'https://other.example.com' }) },
    { title: 'a list for an audience', claims: () => ({ aud: ['https://api.example.com/push'] }) },
    { title: 'another issuer', claims: () => ({ iss: 'https://accounts.example.com' }) },
    { title: 'no subject', claims: () => ({ sub: undefined }) },
    { title: 'a token from the future', claims: (now: number) => ({ iat: now + 3600, exp: now + 7200 }) },
    { title: 'too long a life', claims: (now: number) => ({ iat: now, exp: now + 30 * 86_400 }) },
  ])('cost no fetch: $title', async ({ claims }) => {
    const { server, clock, keys, verify, flood } = await createScene();
    await keys.preload();
    const invented = await flood(200, claims(clock.now() / 1000));

    expect(await tally(invented.map(verify))).toEqual({ key_unknown: 200 });
    expect(server.requests - 1).toBe(0);
  });

  test('leave the fetches to a real rotation', async () => {
    const { server, keys, token, verify, flood } = await createScene();
    await keys.preload();
    const invented = await flood(200, { aud: 'https://other.example.com' });
    await tally(invented.map(verify));

    await google.rotateKeys();

    expect(await outcome(verify(await token(STRANGER)))).toBe('accepted');
    expect(server.requests - 1).toBe(1);
  });
});

describe('a real rotation right after a flood of unknown key ids', () => {
  test.each(['at once', 'one after the other'] as const)(
    '(%s) is accepted from whoever has called before',
    async (how) => {
      const { server, token, verify, tokens, flood } = await createScene();
      await verify(await token(FAMILIAR));
      const invented = await flood(200, ATTACKER);
      if (how === 'at once') {
        await tally(invented.map(verify));
      } else {
        for (const each of invented) {
          await outcome(verify(each));
        }
      }
      const before = server.requests;

      await google.rotateKeys();
      const rotated = await tokens(50, FAMILIAR);

      expect(await tally(rotated.map(verify))).toEqual({ accepted: 50 });
      console.log(`a rotation after a flood (${how}): ${server.requests - before} fetch`);
      expect(server.requests - before).toBe(1);
    },
  );

  test('is accepted from everybody as soon as one familiar caller has brought the new key in', async () => {
    const { token, verify } = await createScene();
    await verify(await token(FAMILIAR));
    for (let index = 0; index < 200; index += 1) {
      await outcome(verify(await token(ATTACKER, { kid: inventedKid() })));
    }

    await google.rotateKeys();
    await verify(await token(FAMILIAR));

    expect(await outcome(verify(await token(STRANGER)))).toBe('accepted');
  });

  test('makes a total stranger come back, who is accepted 15 seconds later', async () => {
    const { clock, token, verify } = await createScene();
    await verify(await token(FAMILIAR));
    for (let index = 0; index < 200; index += 1) {
      await outcome(verify(await token(ATTACKER, { kid: inventedKid() })));
    }

    await google.rotateKeys();
    const rotated = await token(STRANGER);
    expect(await refusalOf(() => verify(rotated))).toMatchObject({ code: 'keys_unavailable', retryAfterSeconds: 15 });
    clock.advance(14);
    expect(await refusalOf(() => verify(rotated))).toMatchObject({ code: 'keys_unavailable', retryAfterSeconds: 1 });
    clock.advance(1);
    expect(await outcome(verify(rotated))).toBe('accepted');
  });

  test('is accepted while the flood goes on', async () => {
    const { server, token, verify, tokens, flood } = await createScene();
    await verify(await token(FAMILIAR));
    const invented = await flood(200, ATTACKER);
    await google.rotateKeys();
    const rotated = await tokens(50, FAMILIAR);

    const mixed = invented.flatMap((each, index) => (index % 4 === 0 ? [each, rotated[index / 4] ?? each] : [each]));
    const outcomes = await tally(mixed.map(verify));

    console.log(`a rotation within a flood: ${server.requests - 1} fetches`);
    expect(outcomes).toEqual({ key_unknown: 200, accepted: 50 });
    expect(server.requests - 1).toBeLessThanOrEqual(2);
  });
});

describe('an unknown key id', () => {
  test('that is published costs one fetch, and none the second time', async () => {
    const { server, keys, token, verify } = await createScene();
    await keys.preload();
    await google.rotateKeys();

    await verify(await token());
    await verify(await token());

    expect(server.requests - 1).toBe(1);
  });

  test('beside keys that Google sent on its behalf costs no second fetch', async () => {
    const { server, token, verify } = await createScene();

    expect(await outcome(verify(await token({}, { kid: inventedKid() })))).toBe('key_unknown');
    expect(server.requests).toBe(1);
  });

  test('whose fetch finds the key is not counted: ten rotations in a row are accepted from strangers', async () => {
    const { server, keys, token, verify } = await createScene();
    await keys.preload();
    for (let rotation = 0; rotation < 10; rotation += 1) {
      await google.rotateKeys();
      expect(await outcome(verify(await token({ sub: `30000000000000000000${rotation}` })))).toBe('accepted');
    }

    expect(server.requests - 1).toBe(10);
  });

  test('is no reason to say "unknown" while Google cannot be asked', async () => {
    const { server, clock, keys, token, verify } = await createScene();
    await keys.preload();
    await google.rotateKeys();
    server.answerWith(send(503));

    expect(await outcome(verify(await token()))).toBe('keys_unavailable');
    expect(await outcome(verify(await token()))).toBe('keys_unavailable');
    expect(server.requests - 1).toBe(1);

    server.answerWith(goodKeys);
    clock.advance(keys.status().nextAttemptInSeconds ?? 0);
    expect(await outcome(verify(await token()))).toBe('accepted');
  });

  test('is no reason to say "unknown" where the request itself finds out that Google cannot be asked', async () => {
    const { server, clock, keys, token, verify } = await createScene();
    await keys.preload();
    clock.advance(FRESH_SECONDS + 1);
    await google.rotateKeys();
    server.answerWith(send(503));

    expect(await outcome(verify(await token()))).toBe('keys_unavailable');
    expect(server.requests - 1).toBe(1);
  });

  test('in a flood during an outage causes no more attempts than the back-off allows', async () => {
    const { server, clock, keys, token, verify } = await createScene();
    await keys.preload();
    server.answerWith(reset);
    for (let second = 0; second < 60; second += 0.5) {
      await outcome(verify(await token(ATTACKER, { kid: inventedKid() })));
      clock.advance(0.5);
    }

    console.log(`a minute of outage with two unknown key ids a second: ${server.requests - 1} fetches`);
    expect(server.requests - 1).toBeLessThanOrEqual(6);
    expect(await outcome(verify(await token(FAMILIAR)))).toBe('accepted');
  });

  test('costs no fetch where nobody says what it is worth', async () => {
    const { server, keys } = await createScene();
    await keys.preload();

    expect(await keys.get(inventedKid())).toBeUndefined();
    expect(await keys.get(inventedKid(), { unknownKid: () => 'implausible' })).toBeUndefined();
    expect(server.requests - 1).toBe(0);
  });
});
