/*
 * Which way the keys come where nobody has said so. A request over fetch says so in its headers.
 */
import './unhandled-rejections.ts';
import { EventEmitter } from 'node:events';
import https from 'node:https';
import { mock } from 'node:test';
import { createGoogleKeySet } from '@id-token-guard/core';
import * as undici from 'undici';
import * as undici7 from 'undici-7';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { startJwksServer } from './jwks-server.ts';
import { goodKeys } from './scene.ts';

const nodesFetch = globalThis.fetch;

/** Fetches keys from a server of the test; tells which way. */
async function wayOfKeys(): Promise<'node:https' | 'fetch'> {
  const ways: ('node:https' | 'fetch')[] = [];
  const server = await startJwksServer((response, request) => {
    ways.push('sec-fetch-mode' in request.headers ? 'fetch' : 'node:https');
    goodKeys(response, request);
  });
  onTestFinished(() => server.close());
  const keys = createGoogleKeySet({ url: server.url });
  await keys.preload();
  expect(keys.status()).toMatchObject({ state: 'fresh' });
  return ways[0] ?? expect.fail('Nobody has asked.');
}

function stubFetch(fetch: unknown): void {
  vi.stubGlobal('fetch', fetch);
  onTestFinished(() => void vi.unstubAllGlobals());
}

type UndiciSymbol = 'undici.globalDispatcher.1' | 'undici.globalDispatcher.2';

function setDispatcher(name: UndiciSymbol, dispatcher: unknown): void {
  const before = Reflect.get(globalThis, Symbol.for(name));
  Reflect.set(globalThis, Symbol.for(name), dispatcher);
  onTestFinished(() => void Reflect.set(globalThis, Symbol.for(name), before));
}

describe('keys come over node:https', () => {
  test('on Node.js', async () => {
    expect(await wayOfKeys()).toBe('node:https');
  });

  test('after fetch has been used, too', async () => {
    await fetch('data:,');

    expect(await wayOfKeys()).toBe('node:https');
  });

  test('as long as undici has not been loaded', async () => {
    setDispatcher('undici.globalDispatcher.1', undefined);
    setDispatcher('undici.globalDispatcher.2', undefined);

    expect(await wayOfKeys()).toBe('node:https');
  });

  test.each([
    ['undici 8', undici],
    ['undici 7', undici7],
  ] as const)('beside %s that is only imported, or has an Agent without options', async (_, { Agent }) => {
    const dispatcher = new Agent();
    onTestFinished(() => dispatcher.close());
    setDispatcher('undici.globalDispatcher.1', dispatcher);

    expect(await wayOfKeys()).toBe('node:https');
  });

  test('where there is no fetch, as in the jsdom environment of Jest', async () => {
    stubFetch(undefined);

    expect(await wayOfKeys()).toBe('node:https');
  });

  test('where Next.js has put its cache in front of fetch', async () => {
    stubFetch(Object.assign(() => expect.fail('Its cache has been asked.'), { __nextPatched: true }));

    expect(await wayOfKeys()).toBe('node:https');
  });

  test("from Google, by the request function of the moment, and the process's own agent", async () => {
    const request = mock.method(https, 'request', () => {
      const asked = Object.assign(new EventEmitter(), {
        end: () => asked.emit('error', new Error('No network here.')),
      });
      return asked;
    });
    onTestFinished(() => request.mock.restore());

    await expect(createGoogleKeySet().preload()).rejects.toMatchObject({
      cause: { cause: { message: 'No network here.' } },
    });

    expect(request.mock.calls.map((call) => call.arguments as unknown[])).toEqual([
      ['https://www.googleapis.com/oauth2/v3/certs', { headers: expect.anything(), signal: expect.anything() }],
    ]);
  });
});

describe('keys come over fetch', () => {
  test.each<{ title: string; stub: () => unknown }>([
    { title: 'a wrapper', stub: () => (input: string, init: RequestInit) => nodesFetch(input, init) },
    { title: 'a bound function', stub: () => nodesFetch.bind(globalThis) },
    { title: 'a proxy object', stub: () => new Proxy(nodesFetch, {}) },
    { title: 'a spy', stub: () => vi.fn(nodesFetch) },
    { title: 'another fetch', stub: () => undici.fetch },
    {
      title: 'a stub that pretends to be the real one',
      stub: () =>
        Object.assign((input: string, init: RequestInit) => nodesFetch(input, init), {
          toString: () => nodesFetch.toString(),
        }),
    },
  ])('where $title has taken its place', async ({ stub }) => {
    stubFetch(stub());

    expect(await wayOfKeys()).toBe('fetch');
  });

  test.each<{ title: string; dispatcher: () => undici.Dispatcher }>([
    { title: 'an Agent with options', dispatcher: () => new undici.Agent({ connect: { timeout: 1000 } }) },
    { title: 'an Agent of another kind', dispatcher: () => new (class Ours extends undici.Agent {})() },
    { title: 'interceptors', dispatcher: () => new undici.Agent().compose(undici.interceptors.retry()) },
    { title: 'a RetryAgent', dispatcher: () => new undici.RetryAgent(new undici.Agent()) },
    {
      title: 'an EnvHttpProxyAgent',
      dispatcher: () => new undici.EnvHttpProxyAgent({ httpProxy: '', httpsProxy: '' }),
    },
  ])('where undici 8 has $title', async ({ dispatcher }) => {
    const before = undici.getGlobalDispatcher();
    undici.setGlobalDispatcher(dispatcher());
    onTestFinished(() => undici.setGlobalDispatcher(before));

    expect(await wayOfKeys()).toBe('fetch');
  });

  test.each<{ title: string; dispatcher: () => undici7.Dispatcher }>([
    { title: 'an Agent with options', dispatcher: () => new undici7.Agent({ connect: { timeout: 1000 } }) },
    { title: 'interceptors', dispatcher: () => new undici7.Agent().compose(undici7.interceptors.retry()) },
  ])('where undici 7 has $title', async ({ dispatcher }) => {
    setDispatcher('undici.globalDispatcher.1', dispatcher());

    expect(await wayOfKeys()).toBe('fetch');
  });

  test.each(['undici.globalDispatcher.1', 'undici.globalDispatcher.2'] as const)(
    'where nobody knows what undici works with, at %s',
    async (name) => {
      const real = Reflect.get(globalThis, Symbol.for(name)) as undici.Dispatcher;
      const dispatch = real.dispatch.bind(real);
      class Agent {
        declare readonly dispatch: unknown;
      }
      Object.assign(Agent.prototype, { dispatch });
      for (const dispatcher of [{ dispatch }, Object.assign(Object.create(null), { dispatch }), new Agent()]) {
        setDispatcher(name, dispatcher);

        expect(await wayOfKeys()).toBe('fetch');
      }
    },
  );
});
