import type { GuardEvent, KeySetEvent } from '@id-token-guard/core';
import { describe, expect, test } from 'vitest';
import { FRESH_SECONDS, send } from './jwks-server.ts';
import { createScene, goodKeys, google, type Scene, type SceneOptions, tally } from './scene.ts';

const DAY = 24 * 3600;
const kids = () => google.jwks.keys.map(({ kid }) => kid);

/** A scene whose verifier has a listener, too; what concerns tokens is left out. */
async function createHeardScene(options: SceneOptions = {}): Promise<Scene & { heard: GuardEvent[] }> {
  const heard: GuardEvent[] = [];
  const onEvent = (event: GuardEvent) => {
    if (event.type.startsWith('keys_')) {
      heard.push(event);
    }
  };
  const scene = await createScene({ ...options, verifier: { onEvent } });
  return { ...scene, heard };
}

describe('what happens to the keys', () => {
  test('is heard by the listener of the key set and by that of the verifier', async () => {
    const scene = await createHeardScene({ answer: send(503) });
    const { server, clock, keys, events, heard, token, verify, backgroundWork } = scene;
    await verify(await token()).catch(() => {});
    server.answerWith(goodKeys);
    clock.advance(keys.status().nextAttemptInSeconds ?? 0);
    await verify(await token());
    server.answerWith(send(500));
    clock.advance(FRESH_SECONDS + 60);
    await verify(await token());
    await backgroundWork();

    expect(events.map(({ type }) => type)).toEqual([
      'keys_refresh_failed',
      'keys_refreshed',
      'keys_refresh_failed',
      'keys_stale_used',
    ]);
    expect(heard).toEqual(events);
  });

  test('without a verifier is heard by the listener of the key set', async () => {
    const { events, heard, keys } = await createHeardScene();
    await keys.preload();

    expect(events.map(({ type }) => type)).toEqual(['keys_refreshed']);
    expect(heard).toEqual([]);
  });

  test('is heard once, however many requests wait for it', async () => {
    const { events, heard, verify, tokens } = await createHeardScene();
    await tally((await tokens(100)).map(verify));

    expect(events).toHaveLength(1);
    expect(heard).toHaveLength(1);
  });

  test('is heard from the key set by one listener for two verifiers', async () => {
    const scene = await createHeardScene();
    const heardBySecond: GuardEvent[] = [];
    const second = scene.another({ verifier: { keys: scene.keys, onEvent: (event) => heardBySecond.push(event) } });
    await Promise.all([scene.verify(await scene.token()), second.verify(await scene.token())]);

    expect(scene.events).toHaveLength(1);
    expect([...scene.heard, ...heardBySecond].filter(({ type }) => type === 'keys_refreshed')).toHaveLength(1);
  });

  test.each<{ title: string; listener: (event: unknown) => void }>([
    {
      title: 'throws',
      listener() {
        throw new Error('Broken listener.');
      },
    },
    { title: 'rejects', listener: async () => Promise.reject(new Error('Broken listener.')) },
  ])('harms nobody where a listener $title', async ({ listener }) => {
    const { clock, keys, server, verify, backgroundWork, tokens } = await createScene({
      keySet: { onEvent: listener },
      verifier: { onEvent: listener },
    });

    expect(await tally((await tokens(20)).map(verify))).toEqual({ accepted: 20 });
    server.answerWith(send(503));
    clock.advance(FRESH_SECONDS + 1);
    expect(await tally((await tokens(20)).map(verify))).toEqual({ accepted: 20 });
    await backgroundWork();
    expect(keys.status()).toMatchObject({ state: 'stale', lastError: expect.any(Error) });
  });
});

describe('keys_refreshed', () => {
  test('tells source, key ids and freshness', async () => {
    const { events, keys } = await createScene();
    await keys.preload();

    expect(events).toStrictEqual([
      { type: 'keys_refreshed', source: 'google', keyIds: kids(), freshForSeconds: FRESH_SECONDS },
    ] satisfies KeySetEvent[]);
  });

  test('tells the keys that are new', async () => {
    const { events, keys, token, verify } = await createScene();
    await keys.preload();
    const newKid = await google.rotateKeys();
    await verify(await token());

    expect(events[1]).toMatchObject({ type: 'keys_refreshed', keyIds: expect.arrayContaining([newKid]) });
  });
});

describe('keys_refresh_failed', () => {
  test('tells why, and when the next attempt may be made', async () => {
    const { events, keys } = await createScene({ answer: send(503) });
    await keys.preload().catch(() => {});

    expect(events).toStrictEqual([
      {
        type: 'keys_refresh_failed',
        error: new Error('The key URL answered with status 503.'),
        nextAttemptInSeconds: keys.status().nextAttemptInSeconds,
      },
    ]);
  });

  test('comes once per attempt, not per request', async () => {
    const { events, verify, tokens } = await createScene({ answer: send(503) });
    await tally((await tokens(100)).map(verify));
    await tally((await tokens(100)).map(verify));

    expect(events).toHaveLength(1);
  });
});

describe('keys_stale_used', () => {
  test('tells the key, how long it has been stale and how long it may be used yet', async () => {
    const { clock, events, keys, server, token, verify } = await createScene();
    await keys.preload();
    server.answerWith(send(503));
    clock.advance(FRESH_SECONDS + 600);
    await verify(await token());

    expect(events.at(-1)).toStrictEqual({
      type: 'keys_stale_used',
      kid: kids()[0],
      staleForSeconds: 600,
      usableForSeconds: DAY - 600,
    });
  });

  test('comes with every use, cached tokens included', async () => {
    const { clock, events, server, token, verify, backgroundWork } = await createScene();
    const cached = await token({ exp: clock.now() / 1000 + 3 * FRESH_SECONDS });
    await verify(cached);
    server.answerWith(send(503));
    clock.advance(FRESH_SECONDS + 1);
    for (let use = 0; use < 10; use += 1) {
      await verify(cached);
    }
    await backgroundWork();

    expect(events.filter(({ type }) => type === 'keys_stale_used')).toHaveLength(10);
  });

  test('does not come for a token that is refused before a key is used', async () => {
    const { clock, events, keys, server, token, verify } = await createScene();
    await keys.preload();
    server.answerWith(send(503));
    clock.advance(FRESH_SECONDS + 1);
    await verify(await token({ aud: 'https://other.example.com' }, { kid: 'unknown' })).catch(() => {});

    expect(events.filter(({ type }) => type === 'keys_stale_used')).toEqual([]);
  });

  test('does not come where the refresh succeeded', async () => {
    const { clock, events, keys, token, verify } = await createScene();
    await keys.preload();
    clock.advance(FRESH_SECONDS + 1);
    await verify(await token());

    expect(events.map(({ type }) => type)).toEqual(['keys_refreshed', 'keys_refreshed']);
  });
});
