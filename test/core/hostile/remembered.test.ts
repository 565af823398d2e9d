/*
 * A token that was let in once and must not be any more: whatever changes, remembering it may not outlive the change.
 */
import { createGoogleIdTokenVerifier, type GuardEvent } from '@id-token-guard/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { refusalOf } from '../refusal-of.ts';
import { createKit, type Kit } from './catalogue.ts';
import { forgeRemembered, rememberedInputs } from './families/remembered.ts';
import { createWorld, type RememberedToken } from './remembered-world.ts';

let kit: Kit;
beforeAll(async () => {
  kit = await createKit();
});

describe('a token that is', () => {
  test.each(rememberedInputs.map((input) => [input.name, input.code, input] as const))(
    '%s → %s',
    async (_name, code, input) => {
      const { forged, verifier, moveOn, events } = await remembering(forgeRemembered(input, kit));
      moveOn();

      // Again and again: a refusal must not make it known either.
      for (let attempt = 1; attempt <= 3; attempt += 1) {
        expect((await refusalOf(() => verifier.verify(forged.attempt))).code).toBe(code);
      }
      expect(events.filter(({ type }) => type === 'token_accepted')).toEqual([]);
    },
  );

  test('remembered, and nothing has changed, is accepted', async () => {
    const [input] = rememberedInputs;
    const unchanged = forgeRemembered({ ...input, name: '', source: '', code: 'token_missing', secondsPass: 0 }, kit);
    const { forged, verifier, moveOn, events } = await remembering(unchanged);
    moveOn();

    await verifier.verify(forged.attempt);

    expect(events).toEqual([expect.objectContaining({ type: 'token_accepted', fromCache: true })]);
  });
});

/** A verifier that has let the token in twice: the second time because it remembers it. */
async function remembering(forged: RememberedToken) {
  const events: GuardEvent[] = [];
  const { options, moveOn } = createWorld(forged);
  const verifier = createGoogleIdTokenVerifier({ ...options, onEvent: (event) => events.push(event) });
  await verifier.verify(forged.token);
  await verifier.verify(forged.token);
  expect(events.at(-1)).toMatchObject({ type: 'token_accepted', fromCache: true });
  events.length = 0;
  return { forged, verifier, moveOn, events };
}
