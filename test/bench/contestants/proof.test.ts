/*
 * Who is measured has been shown to do the work; and the proof finds those who do not.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { createWorld } from '../google/world.ts';
import { NO_GUARD } from '../http/app.ts';
import { frameworkFiles, loadFramework } from '../http/frameworks.ts';
import { prove as proveServer } from '../sections/http.ts';
import { admit, flawedTokens, prove } from './proof.ts';
import { entries, OURS } from './registry.ts';

const world = await createWorld();
afterAll(() => world.close());

describe('accepts good tokens and refuses flawed ones:', () => {
  test.each(entries)('$name', async (entry) => {
    const [contestant] = await admit([entry], world);

    await contestant?.verify(world.mint());
    for (const token of Object.values(flawedTokens(world))) {
      await expect((async () => contestant?.verify(token))()).rejects.toThrow();
    }
  });
});

describe('the proof finds one who', async () => {
  const [admitted] = await admit(
    entries.filter(({ name }) => name === OURS),
    world,
  );
  const verify = admitted?.verify ?? expect.fail('We take part.');

  test('accepts everything', async () => {
    await expect(prove('Yes-man', () => 'good', world)).rejects.toThrow(
      'Yes-man accepts a token with another audience',
    );
  });

  test('refuses everything', async () => {
    await expect(prove('No-man', () => Promise.reject(new Error('No.')), world)).rejects.toThrow('No.');
  });

  test.each(Object.keys(flawedTokens(world)))('accepts a token with %s', async (flaw) => {
    const tokens = flawedTokens(world);
    const lenient = async (token: string) => token === tokens[flaw] || verify(token);

    await expect(prove('Lenient', lenient, world, tokens)).rejects.toThrow(`Lenient accepts a token with ${flaw}`);
  });
});

describe.each(frameworkFiles)('an app of %s', async (file) => {
  const framework = await loadFramework(file);

  test.each(framework.guards)('with %s', async (guard) => {
    const server = await framework.listen(guard, world.trust);
    if (!server.listening) {
      await once(server, 'listening');
    }
    const { port } = server.address() as AddressInfo;
    try {
      await proveServer(`${framework.name} with ${guard}`, { port }, guard !== NO_GUARD, world);
      await expect(
        proveServer(framework.name, { port }, guard === NO_GUARD, world),
        'the proof tells a guard from none',
      ).rejects.toThrow(`${framework.name} `);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
