/*
 * "There is no such key" is said of a key that was looked for, never for want of a fetch: a token that may be good gets
 * `keys_unavailable`, and is good when it comes back.
 */
import {
  anyCaller,
  createGoogleIdTokenVerifier,
  type GoogleIdTokenVerifier,
  type KeySet,
  serviceAccount,
} from '@id-token-guard/core';
import { createFakeGoogle } from '@id-token-guard/testing';
import { describe, expect, test } from 'vitest';
import { refusalOf } from '../refusal-of.ts';
import { type Answer, keys as keysAnswer, reset, send } from './jwks-server.ts';
import { createMemoryStore } from './memory-store.ts';
import {
  AUDIENCE,
  asOn,
  createScene,
  google,
  inventedKid,
  outcome,
  RUNTIMES,
  type Scene,
  type SceneOptions,
} from './scene.ts';

const FAMILIAR = {
  sub: '111111111111111111111',
  email: 'sender@my-project.iam.gserviceaccount.com',
  email_verified: true,
};
const ATTACKER = { sub: '222222222222222222222' };
const STRICT = { verifier: { callers: serviceAccount(FAMILIAR.email) } };

/** A strict guard that has let its caller in. */
async function createStrict(options: SceneOptions = {}): Promise<Scene> {
  const scene = await createScene({ ...options, ...STRICT });
  await scene.verify(await scene.token(FAMILIAR));
  return scene;
}

function openGuard(keys: KeySet, now: () => number): GoogleIdTokenVerifier {
  return createGoogleIdTokenVerifier({ audience: AUDIENCE, callers: anyCaller, keys, now });
}

async function floodWith(scene: Scene, verifier: GoogleIdTokenVerifier, claims: object, count = 50): Promise<void> {
  for (const token of await scene.flood(count, claims)) {
    expect(await outcome(verifier.verify(token))).toMatch(/^key(_unknown|s_unavailable)$/);
  }
}

describe.each(RUNTIMES)('a good token of a known caller with a new key, on %s', (runtime) => {
  test('right after a flood that names the caller itself: 503, and accepted when it comes back', async () => {
    const scene = await asOn(runtime, () => createStrict());
    await floodWith(scene, scene.verifier, FAMILIAR);
    await google.rotateKeys();
    const rotated = await scene.token(FAMILIAR);

    const refusal = await refusalOf(() => scene.verify(rotated));

    expect(refusal).toMatchObject({ code: 'keys_unavailable', status: 503, retryAfterSeconds: 15 });
    expect(refusal.hint).toBe(
      'The token names a key that is not in the set as last fetched. Fetches for unknown keys are rationed: the next may be in 15 s.',
    );
    scene.clock.advance(refusal.retryAfterSeconds ?? 0);
    expect(await outcome(scene.verify(rotated))).toBe('accepted');
  });

  test('right after such a flood, while the key URL is down: 503', async () => {
    const scene = await asOn(runtime, () => createStrict());
    await floodWith(scene, scene.verifier, FAMILIAR);
    await google.rotateKeys();
    scene.server.answerWith(send(503));

    expect(await outcome(scene.verify(await scene.token(FAMILIAR)))).toBe('keys_unavailable');
    scene.clock.advance(15);
    expect(await outcome(scene.verify(await scene.token(FAMILIAR)))).toBe('keys_unavailable');
  });

  test('right after a flood of an open guard that shares the key set: accepted at once', async () => {
    const scene = await asOn(runtime, () => createStrict());
    const open = openGuard(scene.keys, scene.clock.now);
    await open.verify(await scene.token(ATTACKER)); // Known there, since everybody is let in.
    await floodWith(scene, open, ATTACKER);
    const before = scene.server.requests;
    await google.rotateKeys();

    expect(await outcome(scene.verify(await scene.token(FAMILIAR)))).toBe('accepted');
    expect(scene.server.requests - before).toBe(1);
  });

  test('that was published after the fetch under way had begun: a fetch of its own', async () => {
    const scene = await asOn(runtime, () => createStrict());
    const [invented = ''] = await scene.flood(1, ATTACKER);
    const held = holdAnswer();
    scene.server.answerWith(held.answer);
    const first = outcome(scene.verify(invented));
    await scene.server.requestsReach(2);
    await google.rotateKeys();
    const second = outcome(scene.verify(await scene.token(FAMILIAR)));
    held.release();

    expect([await first, await second]).toEqual(['key_unknown', 'accepted']);
  });

  test('that was published after the fetch under way had begun, and none is left: 503', async () => {
    const scene = await asOn(runtime, () => createStrict());
    const [spent = '', invented = ''] = await scene.flood(2, FAMILIAR);
    await outcome(scene.verify(spent));
    const held = holdAnswer();
    scene.server.answerWith(held.answer);
    const first = outcome(scene.verify(invented));
    await scene.server.requestsReach(3);
    await google.rotateKeys();
    const second = outcome(scene.verify(await scene.token(FAMILIAR)));
    held.release();

    expect([await first, await second]).toEqual(['key_unknown', 'keys_unavailable']);
  });
});

/** Answers with the keys as they were when it was asked, once it is told to. */
function holdAnswer(): { answer: Answer; release(): void } {
  const waiting: (() => void)[] = [];
  let released = false;
  return {
    answer(response, request) {
      const jwks = google.jwks;
      const answer = () => keysAnswer(() => jwks)(response, request);
      released ? answer() : waiting.push(answer);
    },
    release() {
      released = true;
      for (const answer of waiting) {
        answer();
      }
    },
  };
}

describe('floods of many guards over one key set', () => {
  test('cost six fetches at once and one in 5 s, and nobody is told "unknown" without one', async () => {
    const scene = await createScene();
    const guards = Array.from({ length: 200 }, () => openGuard(scene.keys, scene.clock.now));
    await Promise.all(guards.map(async (guard) => guard.verify(await scene.token(ATTACKER))));
    const before = scene.server.requests;
    const outcomes: Record<string, number> = {};
    for (let second = 0; second < 60; second += 1) {
      for (const [index, token] of (await scene.flood(20, ATTACKER)).entries()) {
        const guard = guards[(second * 20 + index) % guards.length] as GoogleIdTokenVerifier;
        const result = await outcome(guard.verify(token));
        outcomes[result] = (outcomes[result] ?? 0) + 1;
      }
      scene.clock.advance(1);
    }

    const fetches = scene.server.requests - before;
    console.log(`1,200 unknown key ids at 200 guards in a minute: ${fetches} fetches`);
    expect(fetches).toBe(6 + 11);
    expect(outcomes).toEqual({ key_unknown: fetches, keys_unavailable: 1200 - fetches });
  });

  test('bring a new key in for everybody, so that a strict guard waits for 5 s at most', async () => {
    const scene = await createStrict();
    const guards = Array.from({ length: 10 }, () => openGuard(scene.keys, scene.clock.now));
    for (const guard of guards) {
      await guard.verify(await scene.token(ATTACKER));
      await floodWith(scene, guard, ATTACKER, 5);
    }
    await google.rotateKeys();
    const rotated = await scene.token(FAMILIAR);
    const refusal = await refusalOf(() => scene.verify(rotated));
    expect(refusal).toMatchObject({ code: 'keys_unavailable', retryAfterSeconds: 5 });

    scene.clock.advance(5);
    await floodWith(scene, guards[9] as GoogleIdTokenVerifier, ATTACKER, 5);

    expect(await outcome(scene.verify(rotated))).toBe('accepted');
  });
});

describe('a sender with a key of another Google', () => {
  test('is told "unknown" each time, at a fetch in 15 s, as long as it has never been let in', async () => {
    const { server, clock, keys, token, verify } = await createScene();
    await keys.preload();
    const kid = inventedKid();
    for (let second = 0; second < 60; second += 1) {
      expect(await outcome(verify(await token(ATTACKER, { kid })))).toBe('key_unknown');
      clock.advance(1);
    }

    expect(server.requests - 1).toBe(4);
  });

  test('spends nothing of what known callers have', async () => {
    const { clock, token, verify } = await createStrict();
    const kid = inventedKid();
    for (let second = 0; second < 60; second += 1) {
      await outcome(verify(await token(ATTACKER, { kid })));
      clock.advance(1);
    }
    await google.rotateKeys();

    expect(await outcome(verify(await token(FAMILIAR)))).toBe('accepted');
  });

  test('that has been let in before is told "unknown" for each fetch, and else to come back', async () => {
    const { token, verify } = await createStrict();
    const kid = inventedKid();

    expect(await outcome(verify(await token(FAMILIAR, { kid })))).toBe('key_unknown');
    expect(await outcome(verify(await token(FAMILIAR, { kid })))).toBe('key_unknown');
    expect(await outcome(verify(await token(FAMILIAR, { kid })))).toBe('keys_unavailable');
  });
});

test('a remembered token of a withdrawn key costs one fetch, not two', async () => {
  const own = await createFakeGoogle();
  const scene = await createScene({ answer: keysAnswer(() => own.jwks) });
  const iat = scene.clock.now() / 1000;
  const remembered = await own.idToken({ aud: AUDIENCE, iat, exp: iat + 36_000 });
  await scene.verify(remembered);
  await own.rotateKeys({ withdrawOld: true });
  scene.clock.advance(3601);
  const before = scene.server.requests;

  expect(await outcome(scene.verify(remembered))).toBe('key_unknown');
  expect(scene.server.requests - before).toBe(1);
});

test('keys that came from a store for another key id are no look at Google', async () => {
  const store = createMemoryStore();
  const scene = await createScene({ keySet: { store } });
  await scene.keys.preload();
  const second = scene.another({ keySet: { store }, ...STRICT });
  await second.verify(await scene.token(FAMILIAR));
  await google.rotateKeys();
  scene.clock.advance(1);
  await scene.verify(await scene.token()); // The newer keys get into the store.
  const before = scene.server.requests;
  const [invented = ''] = await scene.flood(1, ATTACKER);

  const outcomes = [outcome(second.verify(await scene.token(FAMILIAR))), outcome(second.verify(invented))];

  // The second one waits for what the first one gets, which is the store's, and then has Google asked.
  expect(await Promise.all(outcomes)).toEqual(['accepted', 'key_unknown']);
  expect(scene.server.requests - before).toBe(1);
});

test('a key that a store brings while Google is down is a key', async () => {
  const store = createMemoryStore();
  const scene = await createScene({ keySet: { store } });
  await scene.keys.preload();
  await google.rotateKeys();
  const newer = scene.another();
  await newer.keys.preload();
  scene.clock.advance(120);
  // Newer than those at hand, and not fresh enough to spare the fetch.
  const snapshot = { ...newer.keys.snapshot(), fetchedAt: scene.clock.now() - 59_000, freshForSeconds: 60 };
  store.text = JSON.stringify(snapshot);
  scene.server.answerWith(reset);

  expect(await outcome(scene.verify(await scene.token(FAMILIAR)))).toBe('accepted');
});
