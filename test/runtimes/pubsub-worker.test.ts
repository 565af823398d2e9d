import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFakeGoogle, refusedRequests } from '@id-token-guard/testing';
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { installPackages } from './installed-packages.ts';
import { type Outbound, startOutbound } from './outbound.ts';
import { bundlePubSubWorker, KEYS_URL, type PubSubWorker, startPubSubWorker } from './pubsub-worker.ts';

const URL_OF_WORKER = 'https://edge.example.com/push';
const SENDER = 'pubsub-push@my-project.iam.gserviceaccount.com';
/** What the Worker keeps the keys under. */
const STORED_NAME = `id-token-guard:keys:${KEYS_URL}`;

const google = await createFakeGoogle();
const packages = await installPackages();
const script = await bundlePubSubWorker(packages.directory);
afterAll(() => packages.remove());

interface Scene {
  readonly worker: PubSubWorker;
  readonly outbound: Outbound;
}

/** An isolate that has just started: without keys, and with nothing in KV unless the directory has something. */
async function startScene(kvDirectory?: string): Promise<Scene> {
  const outbound = await startOutbound(google);
  const worker = await startPubSubWorker(script, outbound, kvDirectory);
  onTestFinished(async () => {
    await worker.stop();
    outbound.close();
  });
  return { worker, outbound };
}

function push(messageId = '1') {
  return google.from.pubSub({ url: URL_OF_WORKER, serviceAccount: SENDER, message: { data: 'Hello', messageId } });
}

function logLine(messageId: string): string {
  return `Message ${messageId} of projects/my-project/subscriptions/my-subscription`;
}

/** Tries until it holds; generously, since the machine may be slow. */
function eventually<T>(assertion: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(assertion, { timeout: 10_000, interval: 50 });
}

/** The Worker writes after it has answered. */
function keysIn(worker: PubSubWorker): Promise<{ fetchedAt: number }> {
  return eventually(async () => JSON.parse((await worker.keys.get(STORED_NAME)) ?? expect.fail('KV is empty.')));
}

describe('the Worker that receives Pub/Sub pushes', () => {
  test('acknowledges a push, after one fetch of the keys, which land in KV', async () => {
    const { worker, outbound } = await startScene();

    const answers = [await worker.send(await push('1')), await worker.send(await push('2'))];

    expect(answers).toMatchObject([
      { status: 204, body: '' },
      { status: 204, body: '' },
    ]);
    await eventually(() => expect(worker.log).toEqual([logLine('1'), logLine('2')]));
    expect(outbound.requests).toEqual([KEYS_URL]);
    expect(await keysIn(worker)).toMatchObject({ version: 1, url: KEYS_URL, freshForSeconds: 7200 });
  });

  test('refuses hostile requests before the handler', async () => {
    const { worker, outbound } = await startScene();
    await worker.send(await push('first'));
    const { body = '' } = await push('hostile');
    const claims = { email: SENDER, email_verified: true };

    for (const { code, status, headers, jwks } of await refusedRequests(google, { audience: URL_OF_WORKER, claims })) {
      outbound.answerWith(jwks === 'ok' ? 'keys' : 'outage');
      const answer = await worker.send({ headers, body });

      expect({ code, status: answer.status, body: JSON.parse(answer.body) }).toMatchObject({
        code,
        status,
        body: { code },
      });
    }

    await worker.send(await push('last'));
    await eventually(() => expect(worker.log).toEqual([logLine('first'), logLine('last')]));
  });

  test('answers 503 without keys while Google cannot be reached, and recovers', async () => {
    const { worker, outbound } = await startScene();
    outbound.answerWith('outage');

    const answer = await worker.send(await push('unlucky'));

    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': expect.stringMatching(/^[1-9]$/) } });
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'keys_unavailable' });
    outbound.answerWith('keys');
    await eventually(async () => expect(await worker.send(await push('again'))).toMatchObject({ status: 204 }));
    await eventually(() => expect(worker.log).toEqual([logLine('again')]));
  });

  test('does not acknowledge a body that is no push', async () => {
    const { worker } = await startScene();
    const { headers } = await push();

    const answer = await worker.send({ headers, body: '{"message":1}' });

    expect(answer).toMatchObject({ status: 400, body: '{"code":"not_a_pubsub_push"}' });
  });

  test('starts without a fetch when another isolate has put the keys into KV', async () => {
    const kvDirectory = await mkdtemp(join(tmpdir(), 'id-token-guard-kv-'));
    onTestFinished(() => rm(kvDirectory, { recursive: true, force: true }));
    const first = await startScene(kvDirectory);
    await first.worker.send(await push());
    await keysIn(first.worker);
    await first.worker.stop();
    const second = await startScene(kvDirectory);

    const answer = await second.worker.send(await push());

    expect(answer.status).toBe(204);
    expect(first.outbound.requests).toEqual([KEYS_URL]);
    expect(second.outbound.requests).toEqual([]);
  });

  test('refreshes the keys after the answer, and keeps them in KV', async () => {
    const { worker, outbound } = await startScene();
    const sixHoursAgo = Date.now() - 6 * 3_600_000;
    const staleKeys = google.keySet({ now: () => sixHoursAgo });
    await staleKeys.preload();
    await worker.keys.put(STORED_NAME, JSON.stringify(staleKeys.snapshot()), { expirationTtl: 3600 });
    // With Google down the isolate starts from stale keys. From then on a refresh is due once the back-off is over.
    outbound.answerWith('outage');
    expect(await worker.send(await push())).toMatchObject({ status: 204 });
    outbound.answerWith('hold');

    await eventually(async () => {
      expect(await worker.send(await push())).toMatchObject({ status: 204 });
      expect(outbound.held).toHaveLength(1);
    });
    // Answered, and Google has not been heard of yet.
    expect(await keysIn(worker)).toMatchObject({ fetchedAt: sixHoursAgo });
    outbound.held[0]?.release();

    await eventually(async () => expect((await keysIn(worker)).fetchedAt).toBeGreaterThan(sixHoursAgo));
  });

  test('answers a request that waits for the fetch of another one, whose client hangs up', async () => {
    const { worker, outbound } = await startScene();
    outbound.answerWith('hold');
    const first = worker.begin(await push('cancelled'));
    await eventually(() => expect(outbound.held).toHaveLength(1));
    outbound.answerWith('keys');
    const second = worker.begin(await push('waiting'));
    // Once this one is answered, the second has got as far as to wait for the first.
    expect(await worker.send({ headers: {} })).toMatchObject({ status: 401 });

    first.cut();

    await expect(first.answer).rejects.toThrow('socket hang up');
    // The fetch of the first never ends: the second has to make its own.
    expect(await second.answer).toMatchObject({ status: 204 });
    expect(outbound.requests).toHaveLength(2);
    expect(await worker.send(await push('later'))).toMatchObject({ status: 204 });
    await eventually(() => expect(worker.log).toEqual([logLine('waiting'), logLine('later')]));
  });
});
