/*
 * The option `fetch`, as people give it behind a company proxy: libraries whose bodies are streams of Node.js.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { createGoogleKeySet } from '@id-token-guard/core';
import crossFetch from 'cross-fetch';
import nodeFetch from 'node-fetch';
// @ts-expect-error: it has no types of its own.
import nodeFetch2 from 'node-fetch-2';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type BadAnswer, badAnswers, padded } from './bad-answers.ts';
import { type Answer, drip, keys as keysAnswer, large, send, startJwksServer } from './jwks-server.ts';
import { google } from './scene.ts';
import { unhandledRejections } from './unhandled-rejections.ts';

type Fetch = typeof globalThis.fetch;

const LIBRARIES: Readonly<Record<string, Fetch>> = {
  'node-fetch 3': nodeFetch as unknown as Fetch,
  'node-fetch 2': nodeFetch2 as unknown as Fetch,
  'cross-fetch': crossFetch,
};

async function keySetOver(fetch: Fetch, answer: Answer, timeoutSeconds = 5) {
  const server = await startJwksServer(answer);
  onTestFinished(() => server.close());
  return createGoogleKeySet({ url: server.url, fetch, timeoutSeconds });
}

describe.each(Object.entries(LIBRARIES))('the fetch of %s', (_, fetch) => {
  test('brings keys, with their lifetime', async () => {
    const keys = await keySetOver(
      fetch,
      keysAnswer(() => google.jwks, { 'cache-control': 'max-age=7200' }),
    );

    await keys.preload();

    expect(keys.status()).toMatchObject({ state: 'fresh', keyIds: google.jwks.keys.map(({ kid }) => kid) });
    expect(keys.snapshot()?.freshForSeconds).toBe(7200);
  });

  test('is held to the size limit, to the byte', async () => {
    await (await keySetOver(fetch, padded(64 * 1024))).preload();
    const keys = await keySetOver(fetch, padded(64 * 1024 + 1));

    await expect(keys.preload()).rejects.toMatchObject({ cause: { message: expect.stringContaining('than 64 KiB') } });
  });

  test('is held to the time limit, body included', async () => {
    const keys = await keySetOver(fetch, drip(JSON.stringify(google.jwks)), 0.2);

    await expect(keys.preload()).rejects.toMatchObject({ cause: { message: expect.stringContaining('in time') } });
  });

  test.each([
    ['another status', send(503, 'x'.repeat(100_000))],
    ['too much', large(JSON.stringify(google.jwks), 1)],
  ])('leaves nothing behind that would fail when the time is up, after %s', async (_, answer) => {
    const keys = await keySetOver(fetch, answer, 0.2);

    await expect(keys.preload()).rejects.toMatchObject({ cause: { message: expect.stringMatching(/503|64 KiB/) } });
    await sleep(300);

    expect(await unhandledRejections()).toEqual([]);
  });

  test.each<BadAnswer>(badAnswers)('takes no keys from $title', async ({ answer, endless }) => {
    const keys = await keySetOver(fetch, answer, endless ? 0.1 : 5);

    await expect(keys.preload()).rejects.toMatchObject({ code: 'keys_unavailable', cause: expect.any(Error) });

    expect(keys.status()).toMatchObject({ state: 'empty' });
  });
});

describe('a fetch that resolves to', () => {
  const document = JSON.stringify(google.jwks);
  const headers = new Headers();

  test.each<{ title: string; answer: unknown; says: string }>([
    { title: 'nothing', answer: undefined, says: 'not a Response' },
    { title: 'text', answer: document, says: 'not a Response' },
    { title: 'a document', answer: google.jwks, says: 'not a Response' },
    { title: 'what a test makes by hand', answer: { ok: true, json: async () => google.jwks }, says: 'not a Response' },
    { title: 'an answer without headers', answer: { status: 200, body: document }, says: 'not a Response' },
    { title: 'plain headers', answer: { status: 200, headers: {}, body: document }, says: 'not a Response' },
    { title: 'another status with anything', answer: { status: 503, headers, body: document }, says: 'status 503' },
    { title: 'no body', answer: { status: 200, headers }, says: 'is not a JSON object' },
    { title: 'a body of text', answer: { status: 200, headers, body: document }, says: 'is no stream' },
    { title: 'a body that is no stream', answer: { status: 200, headers, body: google.jwks }, says: 'is no stream' },
    {
      title: 'a stream of text',
      answer: { status: 200, headers, body: new Response(document).body?.pipeThrough(new TextDecoderStream()) },
      says: 'does not consist of bytes',
    },
    { title: 'an iteration of other things', answer: { status: 200, headers, body: things() }, says: 'of bytes' },
  ])('$title says what it should be', async ({ answer, says }) => {
    const keys = createGoogleKeySet({ fetch: async () => answer as Response });

    await expect(keys.preload()).rejects.toMatchObject({
      code: 'keys_unavailable',
      hint: expect.stringContaining(says),
    });
  });

  test('bytes by iteration brings keys', async () => {
    const body = (async function* () {
      yield new TextEncoder().encode(document.slice(0, 100));
      yield Buffer.from(document.slice(100));
    })();
    const keys = createGoogleKeySet({ fetch: async () => ({ status: 200, headers, body }) as unknown as Response });

    await keys.preload();

    expect(keys.status()).toMatchObject({ state: 'fresh' });
  });

  test.each([
    ['that never ends', new Uint8Array(60_000), 'larger than 64 KiB'],
    ['of text', 'x', 'of bytes'],
  ])('an iteration %s is given up, and that it fails then is no accident', async (_, value, says) => {
    let stopped = false;
    const body = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false, value }),
        return: async () => {
          stopped = true;
          throw new Error('It is over.');
        },
      }),
    };
    const keys = createGoogleKeySet({ fetch: async () => ({ status: 200, headers, body }) as unknown as Response });

    await expect(keys.preload()).rejects.toMatchObject({ hint: expect.stringContaining(says) });

    expect(stopped).toBe(true);
  });
});

async function* things(): AsyncGenerator<unknown> {
  yield { byteLength: 3 };
}
