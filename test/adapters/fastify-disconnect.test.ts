/*
 * A client that hangs up between a refusal and its answer: Fastify then takes an async hook that returns the reply for
 * done, and would run the handler.
 */

import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type OnRefused, requireGoogleIdToken } from '@id-token-guard/fastify';
import { type FastifyInstance, fastify } from 'fastify';
import { afterEach, describe, expect, test } from 'vitest';
import { guardOptions } from './support/fixtures.ts';

let app: FastifyInstance | undefined;
afterEach(() => app?.close());

/** Sends a request without a token, hangs up while the refusal is on its way, and tells how often the handler ran. */
async function handlerRuns(
  method: string,
  setUp: (app: FastifyInstance) => void,
  onRefused?: OnRefused,
): Promise<number> {
  let runs = 0;
  let closed = () => {};
  const whenClosed = new Promise<void>((resolve) => {
    closed = resolve;
  });
  app = fastify();
  app.addHook('onRequest', async (request) => void request.raw.socket.once('close', closed));
  setUp(app);
  app.register(requireGoogleIdToken({ ...guardOptions(), onRefused }));
  app.route({ method: ['GET', 'DELETE', 'POST'], url: '/transfer', handler: async () => (runs += 1) });
  await app.listen({ host: '127.0.0.1', port: 0 });

  const { port } = app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  socket.write(`${method} /transfer HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  await sleep(50);
  socket.resetAndDestroy();
  await whenClosed;
  await sleep(150);
  return runs;
}

const slowAnswer = (instance: FastifyInstance) => {
  instance.addHook('onSend', async (_request, _reply, payload) => {
    await sleep(100);
    return payload;
  });
};

describe.each(['GET', 'DELETE', 'POST'])('the handler of a %s does not run where the client hangs up', (method) => {
  test('while another plugin holds the refusal back', async () => {
    expect(await handlerRuns(method, slowAnswer)).toBe(0);
  });

  test('before onRefused answers', async () => {
    const later: OnRefused = (_error, _request, reply) => {
      setTimeout(() => reply.code(418).send('later'), 100);
    };

    expect(await handlerRuns(method, () => {}, later)).toBe(0);
  });

  test('and onRefused never answers', async () => {
    expect(
      await handlerRuns(
        method,
        () => {},
        () => {},
      ),
    ).toBe(0);
  });
});
