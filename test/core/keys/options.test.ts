import './unhandled-rejections.ts';
import { createGoogleKeySet, GOOGLE_JWKS_URL, type GoogleKeySetOptions } from '@id-token-guard/core';
import { describe, expect, test } from 'vitest';
import { google } from './scene.ts';

/** Remembers what was fetched, and answers with good keys. */
function createRecordingFetch() {
  const calls: { readonly url: string; readonly init: RequestInit | undefined }[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    calls.push({ url: String(input), init });
    return Response.json(google.jwks);
  };
  return { calls, fetch };
}

describe('the key URL', () => {
  test("is Google's, unless told otherwise", async () => {
    const { calls, fetch } = createRecordingFetch();
    await createGoogleKeySet({ fetch }).preload();

    expect(calls.map(({ url }) => url)).toEqual(['https://www.googleapis.com/oauth2/v3/certs']);
    expect(GOOGLE_JWKS_URL).toBe('https://www.googleapis.com/oauth2/v3/certs');
  });

  test('is asked with GET, without redirects, cookies or a body', async () => {
    const { calls, fetch } = createRecordingFetch();
    await createGoogleKeySet({ fetch }).preload();

    expect(calls[0]?.init).toStrictEqual({
      redirect: 'manual',
      signal: expect.any(AbortSignal),
      headers: {
        accept: 'application/json',
        'cache-control': expect.stringMatching(/^no-cache, request=[-0-9a-f]{36}$/),
      },
    });
  });

  test('is asked in other words each time, since caches of frameworks look at nothing else', async () => {
    const { calls, fetch } = createRecordingFetch();
    await createGoogleKeySet({ fetch }).preload();
    await createGoogleKeySet({ fetch }).preload();

    const [first, second] = calls.map(({ init }) => new Headers(init?.headers).get('cache-control'));
    expect(first).not.toBe(second);
  });

  test.each([
    'https://keys.example.com/certs',
    new URL('https://keys.example.com/certs'),
    'http://localhost:8585/oauth2/v3/certs',
    'http://127.0.0.1:8585/certs',
    'http://127.1.2.3/certs',
    'http://127.10.20.30/certs',
    'http://[::1]:8585/certs',
  ])('may be https, or http on loopback: %s', async (url) => {
    const { calls, fetch } = createRecordingFetch();
    await createGoogleKeySet({ url, fetch }).preload();

    expect(calls.map((call) => call.url)).toEqual([String(url)]);
  });

  test.each([
    'http://www.googleapis.com/oauth2/v3/certs',
    'http://localhost.example.com/certs',
    'http://notlocalhost/certs',
    'http://evil.localhost/certs',
    'http://127.0.0.1.example.com/certs',
    'http://10.0.0.1/certs',
    'http://0.0.0.0/certs',
    'http://[::]/certs',
    'http://metadata.google.internal/certs',
    'ftp://127.0.0.1/certs',
    'file:///etc/certs',
    'data:application/json,{}',
    'javascript:0',
    '/oauth2/v3/certs',
    '',
    null,
    1,
    {},
    ['https://keys.example.com/certs'],
    { toString: () => 'https://keys.example.com/certs' },
    { href: { toString: () => 'https://keys.example.com/certs' } },
    Object.create(null),
    Symbol('https://keys.example.com/certs'),
  ])('may not be anything else: %o', (url) => {
    expect(() => createGoogleKeySet({ url: url as string })).toThrow(
      new TypeError('"url" must be an https URL, or http on loopback.'),
    );
  });

  test.each([
    'https://user@keys.example.com/',
    'https://user:password@keys.example.com/',
    'https://:p@keys.example.com/',
  ])('has no user name and no password: %s', (url) => {
    expect(() => createGoogleKeySet({ url })).toThrow(new TypeError('"url" must not have a user name or password.'));
  });
});

describe('an option of createGoogleKeySet()', () => {
  test.each<[name: string, options: object]>([
    ['timeoutSeconds', { timeoutSeconds: 0 }],
    ['timeoutSeconds', { timeoutSeconds: -1 }],
    ['timeoutSeconds', { timeoutSeconds: 61 }],
    ['timeoutSeconds', { timeoutSeconds: Number.NaN }],
    ['timeoutSeconds', { timeoutSeconds: Number.POSITIVE_INFINITY }],
    ['timeoutSeconds', { timeoutSeconds: '5' }],
    ['timeoutSeconds', { timeoutSeconds: null }],
    ['maxStaleSeconds', { maxStaleSeconds: -1 }],
    ['maxStaleSeconds', { maxStaleSeconds: 604_801 }],
    ['maxStaleSeconds', { maxStaleSeconds: Number.NaN }],
    ['fetch', { fetch: 'fetch' }],
    ['onEvent', { onEvent: {} }],
    ['now', { now: 0 }],
    ['store', { store: 'redis://127.0.0.1' }],
    ['snapshot', { snapshot: 'snapshot' }],
    ['maxStale', { maxStale: 60 }],
  ])('that is wrong is a TypeError that names it: %s, %o', (name, options) => {
    expect(() => createGoogleKeySet(options as GoogleKeySetOptions)).toThrow(TypeError);
    expect(() => createGoogleKeySet(options as GoogleKeySetOptions)).toThrow(`"${name}"`);
  });

  test.each([null, 'https://keys.example.com', [], 1])(
    'that is not an object of options is a TypeError: %o',
    (options) => {
      expect(() => createGoogleKeySet(options as GoogleKeySetOptions)).toThrow(TypeError);
    },
  );

  test.each(['url', 'fetch', 'timeoutSeconds', 'maxStaleSeconds', 'snapshot', 'store', 'onEvent', 'now'])(
    'may be undefined: %s',
    (name) => {
      expect(() => createGoogleKeySet({ [name]: undefined })).not.toThrow();
    },
  );

  test('fetch, left out, is the global one of the moment of the fetch', async () => {
    const { calls, fetch } = createRecordingFetch();
    const keys = createGoogleKeySet();
    const before = globalThis.fetch;
    globalThis.fetch = fetch;
    try {
      await keys.preload();
    } finally {
      globalThis.fetch = before;
    }
    expect(calls).toHaveLength(1);
  });
});
