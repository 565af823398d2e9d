/*
 * 100 MB behind each server in front: they reach the app whole, and not through a guard that is only asked.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, startApp } from '../support/app.ts';
import { type Front, frontServers, startFront } from '../support/front-servers.ts';
import { type GuardProcess, startGuard } from '../support/guard.ts';
import { good, keysUrl } from '../support/world.ts';

const CHUNK = Buffer.alloc(1024 * 1024, 'id-token-guard ');
const CHUNKS = 100;
const [name = '', value = ''] = good.split(': ');

const hash = createHash('sha256');
for (let i = 0; i < CHUNKS; i++) {
  hash.update(CHUNK);
}
const sha256 = hash.digest('hex');

describe.each(frontServers)('behind $name', (kind) => {
  if (!kind.isInstalled) {
    test.skip(`left out: ${kind.name} is not installed`);
    return;
  }
  let app: App;
  let guard: GuardProcess;
  let front: Front;

  beforeAll(async () => {
    app = await startApp();
    guard = await startGuard(keysUrl, kind.asks ? [] : ['--upstream', app.url]);
    front = await startFront(kind, { ...guard, upstream: app.url });
  });
  afterAll(async () => {
    await Promise.all([front.stop(), guard.stop()]);
    app.close();
  });

  test.each([
    ['with a length', { 'content-length': CHUNK.length * CHUNKS }],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
  ])('100 MB %s', async (_, headers) => {
    app.received.length = 0;
    const before = bytesRead(guard);
    const onward = request({ port: front.port, method: 'POST', headers: { [name]: value, ...headers } });
    for (let i = 0; i < CHUNKS; i++) {
      if (!onward.write(CHUNK)) {
        await once(onward, 'drain');
      }
    }
    const [answer] = (await once(onward.end(), 'response')) as [IncomingMessage];

    expect({ status: answer.statusCode, body: await text(answer) }).toEqual({ status: 200, body: '{"hello":"app"}' });
    expect(app.received).toEqual([expect.objectContaining({ bytes: CHUNK.length * CHUNKS, sha256 })]);
    const read = bytesRead(guard) - before;
    if (kind.asks) {
      expect(read).toBeLessThan(100_000);
    } else {
      expect(read).toBeGreaterThan(CHUNK.length * CHUNKS);
    }
  });

  test('100 MB without a token are refused, and reach nobody', async () => {
    app.received.length = 0;
    const before = bytesRead(guard);
    const onward = request({ port: front.port, method: 'POST', headers: { 'content-length': CHUNK.length * CHUNKS } });
    let answer: IncomingMessage | undefined;
    onward
      .on('error', () => {})
      .once('response', (response: IncomingMessage) => {
        answer = response;
      });
    for (let i = 0; i < CHUNKS && answer === undefined; i++) {
      onward.write(CHUNK);
      await setTimeout(2);
    }
    await expect.poll(() => answer?.statusCode, { timeout: 10_000 }).toBe(401);

    expect(await text(answer ?? expect.fail())).toContain('"code":"token_missing"');
    expect(app.received).toEqual([]);
    if (kind.asks) {
      expect(bytesRead(guard) - before).toBeLessThan(100_000);
    }
    onward.destroy();
  });
});

/** By all means, files and sockets, since it was started. */
function bytesRead(guard: GuardProcess): number {
  const io = readFileSync(`/proc/${guard.process.pid}/io`, 'utf8');
  return Number(/^rchar: (\d+)$/m.exec(io)?.[1]);
}
