/*
 * Next.js puts a cache in front of `fetch`, on disk, which lives on when an app is restarted, and begins when it is
 * built. Keys are rotated and withdrawn in between: they must never come out of it.
 */
import { basename } from 'node:path';
import { createFakeGoogle } from '@id-token-guard/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keys as keysAnswer, startJwksServer } from '../core/keys/jwks-server.ts';
import { APPS, build, ROUTES, type RunningApp, start } from './next.ts';

const google = await createFakeGoogle();
const server = await startJwksServer(keysAnswer(() => google.jwks));
afterAll(() => server.close());

function newToken(): Promise<string> {
  return google.idToken({ aud: 'https://api.example.com', sub: '1' });
}

/** Signs with another key from now on, and publishes no other one. Returns a token of it. */
async function rotated(): Promise<string> {
  await google.rotateKeys({ withdrawOld: true });
  return newToken();
}

/** What each route answers to a token. */
async function answers({ url }: RunningApp, token: string): Promise<Record<string, string>> {
  const results: Record<string, string> = {};
  for (const route of ROUTES) {
    const response = await fetch(`${url}/${route}`, { headers: { authorization: `Bearer ${token}` } });
    const { code, state } = (await response.json()) as { code?: string; state?: string };
    results[route] = `${response.status} ${code ?? state}`;
  }
  return results;
}

function everywhere(answer: string): Record<string, string> {
  return Object.fromEntries(ROUTES.map((route) => [route, answer]));
}

describe.each(APPS.map((app) => [basename(app), app] as const))('%s', (_, app) => {
  let last = '';
  let running: RunningApp | undefined;
  beforeAll(async () => {
    last = await newToken();
    await build(app, server.url);
  });
  afterAll(() => running?.stop());

  test.each(['built', 'restarted', 'restarted again'])(
    'once it is %s, the withdrawn key is refused and the new one accepted, on every route',
    async () => {
      await running?.stop();
      const [withdrawn, current] = [last, await rotated()];
      last = current;
      running = await start(app, server.url);

      expect(await answers(running, withdrawn)).toEqual(everywhere('401 key_unknown'));
      expect(await answers(running, current)).toEqual(everywhere('200 fresh'));
    },
  );

  test('while it runs, a rotation is noticed by the first new token, on every route', async () => {
    const [withdrawn, current] = [last, await rotated()];
    last = current;
    const app = running ?? expect.fail('It does not run.');

    expect(await answers(app, current)).toEqual(everywhere('200 fresh'));
    expect(await answers(app, withdrawn)).toEqual(everywhere('401 key_unknown'));
  });
});
