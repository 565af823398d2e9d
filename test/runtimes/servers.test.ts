import { existsSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { prepare } from './prepare.ts';
import { SERVER_RUNTIMES, tryServers } from './servers.ts';

const { directory, outside, clear } = await prepare();
afterAll(clear);

test('the suite says which check failed, and at what', async () => {
  const { hostile } = outside;
  const good = { name: 'nothing odd at all', authorization: `Bearer ${hostile.good}`, code: 'token_expired' as const };
  const families = [{ name: 'not hostile at all', inputs: [good] }];

  const results = await tryServers('Node.js 24', directory, { ...outside, hostile: { ...hostile, families } });

  for (const checks of Object.values(results)) {
    const failed = checks.filter(({ passed }) => !passed);
    expect(failed).toEqual([
      {
        name: 'refuses 1 hostile inputs: not hostile at all',
        passed: false,
        error: expect.stringMatching(/^At "nothing odd at all": expected \[401,/),
      },
    ]);
  }
});

/** On Node.js 24, `test/adapters` tries more. `npm run report:runtimes` runs all of them. */
const TRIED = ['Node.js 20', 'Deno', 'Bun'].map((name) => [name, SERVER_RUNTIMES[name]] as const);

describe.each(TRIED)('on %s', (name, start) => {
  const [command = name] = start?.(directory) ?? [];
  if (!existsSync(command)) {
    console.warn(`${name} is not installed here, so it is passed over. "npm run setup" installs it.`);
  }

  test.skipIf(!existsSync(command))(
    'the adapters for servers of Node.js answer over raw sockets as they do on Node.js',
    async () => {
      const results = await tryServers(name, directory, outside);

      expect(Object.keys(results)).toEqual(['express', 'koa', 'fastify', 'node:http']);
      for (const [adapter, checks] of Object.entries(results)) {
        expect(
          checks.filter(({ passed }) => !passed),
          adapter,
        ).toEqual([]);
        expect(checks.length).toBeGreaterThan(15);
      }
    },
    120_000,
  );
});
