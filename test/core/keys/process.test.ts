import { describe, expect, test } from 'vitest';
import { runScript } from './child.ts';
import { hang, inTurn, reset, send } from './jwks-server.ts';
import { createScene, goodKeys } from './scene.ts';

describe.each(['node:https', 'fetch'])('a process whose keys come over %s', (transport) => {
  test('that has verified a token ends by itself: no timer and no connection keeps it alive', async () => {
    const { server, clock, token } = await createScene();

    const output = await runScript('exits-child.ts', [
      server.url,
      `${clock.now()}`,
      await token(),
      'no refresh',
      transport,
    ]);

    expect(output.trim().split('\n')).toEqual(['keys_refreshed', 'token_accepted']);
    expect(server.requests).toBe(1);
  });

  test.each([
    { title: 'has succeeded', answer: goodKeys, event: 'keys_refreshed' },
    { title: 'has failed', answer: send(503), event: 'keys_refresh_failed' },
    { title: 'was cut off', answer: reset, event: 'keys_refresh_failed' },
    { title: 'was never answered', answer: hang, event: 'keys_refresh_failed' },
  ])(
    'whose refresh in the background $title ends by itself, without an unhandled rejection',
    async ({ answer, event }) => {
      const { server, clock, token } = await createScene({ answer: inTurn(goodKeys, answer) });

      const output = await runScript('exits-child.ts', [
        server.url,
        `${clock.now()}`,
        await token(),
        'refresh',
        transport,
      ]);

      expect(output.trim().split('\n')).toEqual(['keys_refreshed', 'token_accepted', 'token_accepted', event]);
      expect(server.requests).toBe(2);
    },
  );
});
