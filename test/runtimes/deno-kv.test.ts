/*
 * Deno KV is only in Deno: two of its processes that share a database in a file.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { KeySetEvent } from '@id-token-guard/core';
import { createFakeGoogle } from '@id-token-guard/testing';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { keys, startJwksServer } from '../core/keys/jwks-server.ts';
import { installProgram } from './bundle.ts';
import { EXECUTABLES } from './executables.ts';
import { type InstalledPackages, installPackages } from './installed-packages.ts';

const denoIsInstalled = existsSync(EXECUTABLES.deno);
if (!denoIsInstalled) {
  console.warn('Skipped: denoKvStore() in Deno, which is not installed here. "npm run setup" installs it.');
}

describe.skipIf(!denoIsInstalled)('denoKvStore() in Deno', () => {
  let installed: InstalledPackages;
  let program: string;
  beforeAll(async () => {
    installed = await installPackages();
    program = await installProgram('runners/deno-kv.ts', installed.directory);
  });
  afterAll(() => installed.remove());

  test('lets a second process start from the keys that the first has fetched', async () => {
    const { server, run } = await createFleet();

    const first = await run();
    const second = await run();

    expect(server.requests).toBe(1);
    expect(first.events).toMatchObject([{ type: 'keys_refreshed', source: 'google' }]);
    expect(second.events).toMatchObject([{ type: 'keys_refreshed', source: 'store' }]);
    expect(second.entries).toEqual([
      { key: [`id-token-guard:keys:${server.url}`], value: expect.stringContaining('"version":1') },
    ]);
  });

  test.each([
    ['text', '"garbage"'],
    ['object', '{"keys":[]}'],
    ['other', '1'],
  ])('passes over %s that is not a usable key set, tells so and puts good keys in its place', async (gave, garbage) => {
    const { server, run } = await createFleet();

    const first = await run(garbage);
    const second = await run();

    expect(server.requests).toBe(1);
    expect(first.events).toMatchObject([
      { type: 'keys_store_failed', operation: 'get', gave },
      { type: 'keys_refreshed', source: 'google' },
    ]);
    expect(second.events).toMatchObject([{ type: 'keys_refreshed', source: 'store' }]);
  });

  async function createFleet() {
    const google = await createFakeGoogle();
    const server = await startJwksServer(keys(() => google.jwks));
    onTestFinished(() => server.close());
    const path = join(installed.directory, `${new URL(server.url).port}.db`);
    return {
      server,
      async run(...garbage: string[]): Promise<{ events: KeySetEvent[]; entries: unknown[] }> {
        const allowed = [
          `--allow-net=${new URL(server.url).host}`,
          `--allow-read=${installed.directory}`,
          `--allow-write=${installed.directory}`,
        ];
        const args = ['run', '--no-prompt', '--unstable-kv', ...allowed, program, server.url, path, ...garbage];
        const { stdout } = await promisify(execFile)(EXECUTABLES.deno, args);
        return JSON.parse(stdout);
      },
    };
  }
});
