import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CallerRule, serviceAccount } from '@id-token-guard/core';
import { createFakeGoogle } from '@id-token-guard/testing';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { accountsIn, CallersUnavailable, createApp, refreshing } from '../../examples/refreshing-callers.ts';

const google = await createFakeGoogle();
const shop = 'shop@my-project.iam.gserviceaccount.com';
const reports = 'reports@my-project.iam.gserviceaccount.com';

/** The app of the example with a rule that is good for 10 s, and usable for 600, and a clock to move. */
async function start(load: (signal: AbortSignal) => Promise<CallerRule>) {
  let seconds = 1_800_000_000;
  const errors: unknown[] = [];
  const loads = vi.fn(load);
  const callers = refreshing({
    load: loads,
    freshForSeconds: 10,
    usableForSeconds: 600,
    onError: (error) => errors.push(error),
    now: () => seconds * 1000,
  });
  const server = createServer(createApp(callers, { keys: google.keySet() }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const tokens = new Map<string, string>();
  return {
    loads,
    errors,
    letPass(more: number) {
      seconds += more;
    },
    /** With one token per caller: it is remembered from the first request on. */
    async call(email: string) {
      const token =
        tokens.get(email) ?? (await google.idToken({ aud: 'https://api.example.com', email, email_verified: true }));
      tokens.set(email, token);
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hello`;
      const { status, headers } = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
      return { status, retryAfter: headers.get('retry-after'), challenge: headers.get('www-authenticate') };
    },
  };
}

const yes = { status: 200, retryAfter: null, challenge: null };
const no = { status: 403, retryAfter: null, challenge: expect.stringContaining('insufficient_scope') };
const later = { status: 503, retryAfter: '10', challenge: null };

describe('a file of callers', () => {
  async function startWithFile(text: string) {
    const directory = await mkdtemp(join(tmpdir(), 'callers-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const path = join(directory, 'callers.json');
    await writeFile(path, text);
    const app = await start((signal) => accountsIn(path, signal));
    return { ...app, path, write: (changed: string) => writeFile(path, changed) };
  }

  test('may change while the service runs, and counts for remembered tokens too', async () => {
    const { call, letPass, write, loads } = await startWithFile(JSON.stringify([shop]));
    expect(await call(shop)).toEqual(yes);
    expect(await call(reports)).toEqual(no);
    await write(JSON.stringify([reports]));
    expect(await call(shop)).toEqual(yes);
    expect(loads).toHaveBeenCalledTimes(1);

    letPass(10);
    await call(shop); // It causes the load, and does not wait for it.
    await vi.waitFor(async () => expect(await call(reports)).toEqual(yes));

    expect(await call(shop)).toEqual(no);
    expect(loads).toHaveBeenCalledTimes(2);
  });

  test('that is empty lets nobody in', async () => {
    const { call } = await startWithFile('[]');

    expect(await call(shop)).toEqual(no);
  });

  test.each([
    ['is gone', (path: string) => rm(path)],
    ['is cut short', (path: string) => writeFile(path, '["shop@')],
    ['is no list', (path: string) => writeFile(path, '{}')],
    ['has something odd in it', (path: string) => writeFile(path, JSON.stringify([shop, null]))],
  ])(
    'that %s changes nothing for ten minutes, is 503 from then on, and is over when it is mended',
    async (_, spoil) => {
      const { call, letPass, write, path, errors } = await startWithFile(JSON.stringify([shop]));
      expect(await call(shop)).toEqual(yes);
      await spoil(path);

      letPass(10);
      expect(await call(shop)).toEqual(yes);
      await vi.waitFor(() => expect(errors).toHaveLength(1));
      letPass(589);
      expect(await call(shop)).toEqual(yes);
      expect(await call(reports)).toEqual(no);

      letPass(1);
      for (const caller of [shop, reports]) {
        expect(await call(caller)).toEqual(later);
      }
      await write(JSON.stringify([shop]));
      letPass(1);
      expect(await call(shop)).toEqual(yes);
      expect(await call(reports)).toEqual(no);
    },
  );
});

describe('a source of callers', () => {
  test('that was never there is 503, not 403, and is asked once a second', async () => {
    const { call, letPass, loads } = await start(() => Promise.reject(new Error('The database is down.')));

    expect(await Promise.all(Array.from({ length: 20 }, () => call(shop)))).toEqual(Array(20).fill(later));
    expect(loads).toHaveBeenCalledTimes(1);
    letPass(1);
    expect(await call(shop)).toEqual(later);
    expect(loads).toHaveBeenCalledTimes(2);
  });

  test('is asked once for all who wait', async () => {
    const { call, loads } = await start(async () => {
      await sleep(50);
      return serviceAccount(shop);
    });

    expect(await Promise.all(Array.from({ length: 20 }, () => call(shop)))).toEqual(Array(20).fill(yes));
    expect(loads).toHaveBeenCalledTimes(1);
  });

  test('that hangs makes nobody wait who has an older rule, and others two seconds', async () => {
    let isDown = true;
    const { call, letPass } = await start(() =>
      isDown ? new Promise(() => {}) : Promise.resolve(serviceAccount(shop)),
    );

    expect(await call(shop)).toEqual(later);
    isDown = false;
    letPass(1);
    expect(await call(shop)).toEqual(yes);
    isDown = true;
    letPass(10);
    expect(await call(shop)).toEqual(yes);
  });
});

test('the error says why, for the log of the service', async () => {
  const cause = new Error('The database is down.');
  const rule = refreshing({ load: () => Promise.reject(cause), freshForSeconds: 10, usableForSeconds: 600 });

  await expect(rule({} as never)).rejects.toThrow(new CallersUnavailable(cause));
  await expect(rule({} as never)).rejects.toMatchObject({ cause });
});
