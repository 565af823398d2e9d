import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyvStore, unstorageStore } from '@id-token-guard/core/stores';
import { Keyv } from 'keyv';
import { Keyv as Keyv6 } from 'keyv-6';
import { createStorage, type Driver } from 'unstorage';
import fs from 'unstorage/drivers/fs';
import memory from 'unstorage/drivers/memory';
import { describe, expect, onTestFinished, test } from 'vitest';
import { SENDER } from './support/callers.ts';
import { createFleet, FRESH_SECONDS, STORED_NAME } from './support/fleet.ts';

/** Two drivers for the same place. */
type Drivers = () => Promise<[Driver, Driver]>;

const inMemory: Drivers = async () => {
  const driver = memory();
  return [driver, driver];
};

const inFiles: Drivers = async () => {
  const base = await mkdtemp(join(tmpdir(), 'keys-'));
  onTestFinished(() => rm(base, { recursive: true }));
  return [fs({ base }), fs({ base })];
};

async function unstorages(drivers: Drivers) {
  const [one, other] = await drivers();
  return [unstorageStore(createStorage({ driver: one })), unstorageStore(createStorage({ driver: other }))] as const;
}

describe.each([
  {
    kind: 'keyvStore() with Keyv 5',
    async stores() {
      const shared = new Map();
      return [keyvStore(new Keyv({ store: shared })), keyvStore(new Keyv({ store: shared }))] as const;
    },
  },
  {
    kind: 'keyvStore() with Keyv 6',
    async stores() {
      const shared = new Map();
      return [keyvStore(new Keyv6({ store: shared })), keyvStore(new Keyv6({ store: shared }))] as const;
    },
  },
  { kind: 'unstorageStore() in memory', stores: () => unstorages(inMemory) },
  { kind: 'unstorageStore() in files', stores: () => unstorages(inFiles) },
])('$kind', ({ stores }) => {
  test('lets a second process start from the keys that the first has fetched', async () => {
    const { google, startProcess, letPass } = await createFleet();
    const [one, other] = await stores();
    const first = startProcess(one);
    const second = startProcess(other);

    expect(await first.call()).toBe(SENDER.email);
    expect(await second.call()).toBe(SENDER.email);
    letPass(FRESH_SECONDS * 0.9);
    expect(await first.call()).toBe(SENDER.email);
    expect(await second.call()).toBe(SENDER.email);

    expect(google.jwksRequests).toBe(2);
    expect(first.events).toMatchObject([
      { type: 'keys_refreshed', source: 'google' },
      { type: 'keys_refreshed', source: 'google' },
    ]);
    expect(second.events).toMatchObject([
      { type: 'keys_refreshed', source: 'store' },
      { type: 'keys_refreshed', source: 'store' },
    ]);
  });

  test('passes over what is not a usable key set, tells so and puts good keys in its place', async () => {
    const { google, startProcess } = await createFleet();
    const [one, other] = await stores();
    await one.set(STORED_NAME, '{"keys":[]}', 60);
    const first = startProcess(one);

    expect(await first.call()).toBe(SENDER.email);
    expect(await startProcess(other).call()).toBe(SENDER.email);

    expect(google.jwksRequests).toBe(1);
    expect(first.events).toMatchObject([
      { type: 'keys_store_failed', operation: 'get', gave: expect.stringMatching(/^(text|object)$/) },
      { type: 'keys_refreshed', source: 'google' },
    ]);
  });

  test('keeps names apart that are the same but for the query of their URL', async () => {
    const [one, other] = await stores();

    await one.set('keys:https://keys.example.com/certs?of=one', '{"of":"one"}', 60);
    await one.set('keys:https://keys.example.com/certs?of=two', '{"of":"two"}', 60);

    expect(await other.get('keys:https://keys.example.com/certs')).toBeOneOf([null, undefined]);
    expect(JSON.stringify(await other.get('keys:https://keys.example.com/certs?of=one'))).toContain('one');
  });
});

describe('keyvStore()', () => {
  test('tells Keyv how long the keys can be used, in milliseconds', async () => {
    const shared = new Map();
    await keyvStore(new Keyv({ store: shared }), { prefix: 'a:' }).set('name', 'text', 60);

    const [[key, entry]] = [...shared] as [[string, string]];
    expect(key).toBe('keyv:a:name');
    expect(JSON.parse(entry).expires).toBeGreaterThan(Date.now() + 59_000);
    expect(JSON.parse(entry).expires).toBeLessThanOrEqual(Date.now() + 60_000);
  });

  test.each([
    ['5', (store: never) => new Keyv({ store }).on('error', () => {})],
    ['6', (store: never) => new Keyv6({ store }).on('error', () => {}) as Keyv6],
  ])('tells that nothing was kept, where Keyv %s says so to its listeners only', async (_, createKeyv) => {
    const { startProcess } = await createFleet();
    const down = () => Promise.reject(new Error('The database is down.'));
    const process = startProcess(keyvStore(createKeyv({ get: down, set: down, delete: down, clear: down } as never)));

    expect(await process.call()).toBe(SENDER.email);

    expect(process.events).toMatchObject([
      { type: 'keys_refreshed', source: 'google' },
      {
        type: 'keys_store_failed',
        operation: 'set',
        error: { message: 'Keyv did not keep the keys. Its "error" listeners are told why.' },
      },
    ]);
  });
});

describe('unstorageStore()', () => {
  test('tells where files that cannot be written keep nothing', async () => {
    const { startProcess, letPass } = await createFleet();
    const base = await mkdtemp(join(tmpdir(), 'keys-'));
    onTestFinished(() => rm(base, { recursive: true }));
    const process = startProcess(unstorageStore(createStorage({ driver: fs({ base, readOnly: true }) })));
    await process.call();
    letPass(FRESH_SECONDS + 1);

    expect(await process.call()).toBe(SENDER.email);

    // The driver says that it has written: only reading tells.
    expect(process.events).toMatchObject([
      { type: 'keys_refreshed', source: 'google' },
      { type: 'keys_store_failed', operation: 'get', gave: 'nothing' },
      { type: 'keys_refreshed', source: 'google' },
    ]);
  });
});
