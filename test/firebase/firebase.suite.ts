/*
 * The loop as people have it: a task that firebase-admin puts into Firebase's Cloud Tasks emulator goes through the forwarder
 * to a guarded handler, which reads it as one of Cloud Tasks.
 */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { type Caller, createGoogleKeySet, serviceAccount } from '@id-token-guard/core';
import { startLocalGoogle } from '@id-token-guard/emulator';
import { googleIdToken, requireGoogleIdToken } from '@id-token-guard/express';
import { type CloudTask, isSenderError, readCloudTask } from '@id-token-guard/senders';
import express, { type ErrorRequestHandler } from 'express';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Emulators, PROJECT, startEmulators } from './firebase-project.ts';

const SENDER = 'tasks@my-project.iam.gserviceaccount.com';
const AUDIENCE = 'https://api.example.com';

/** What is installed here only. */
const require = createRequire(import.meta.url);

interface TaskQueue {
  enqueue(data: object, options: object): Promise<void>;
}

const google = await startLocalGoogle({ port: 0 });
let emulators: Emulators;
let queue: TaskQueue;

beforeAll(async () => {
  emulators = await startEmulators();
  vi.stubEnv('CLOUD_TASKS_EMULATOR_HOST', emulators.tasksHost);
  vi.stubEnv('METADATA_SERVER_DETECTION', 'none');
  const { initializeApp } = require('firebase-admin/app');
  const { getFunctions } = require('firebase-admin/functions');
  initializeApp({ projectId: PROJECT });
  queue = getFunctions().taskQueue('locations/us-central1/functions/mail');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await emulators?.stop();
  await google.close();
});

interface Received {
  readonly task: CloudTask;
  readonly caller: Caller;
  readonly body: unknown;
}

const received: Received[] = [];
const refused: unknown[] = [];

/** The handler of the guide to Cloud Tasks. The first attempts of a task are answered with `data.fail`. */
function handler(): express.Express {
  const answerErrors: ErrorRequestHandler = (error, _req, res, next) => {
    if (!isSenderError(error)) {
      next(error);
      return;
    }
    refused.push({ code: error.code, field: error.field, hint: error.hint });
    res.status(error.status).json({ code: error.code, field: error.field });
  };
  return express()
    .post(
      '/tasks/mail',
      requireGoogleIdToken({
        audience: AUDIENCE,
        callers: serviceAccount(SENDER),
        keys: createGoogleKeySet({ url: google.jwksUrl }),
        onEvent: (event) => event.type === 'token_refused' && refused.push(event.code),
      }),
      express.json({ type: () => true }),
      (req, res) => {
        const task = readCloudTask(req.headersDistinct);
        received.push({ task, caller: googleIdToken(req).caller, body: req.body });
        res.status(req.body.data.fail?.[task.retryCount] ?? 204).end();
      },
    )
    .use(answerErrors);
}

/** Serves a listener for one test; resolves to the URL of the handler, straight and through the forwarder. */
async function serve(listener: RequestListener): Promise<{ straight: string; forwarded: string }> {
  received.length = 0;
  refused.length = 0;
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const forwarded = google.forwardUrl({ target: url, sender: SENDER, audience: AUDIENCE });
  return { straight: `${url}/tasks/mail`, forwarded: `${forwarded}/tasks/mail` };
}

async function until(isDone: () => boolean): Promise<void> {
  while (!isDone()) {
    await setTimeout(50);
  }
}

describe("a task of Firebase's emulator", () => {
  test('is read behind the guard: queue, name, time, body and caller are those of the task', async () => {
    const { forwarded } = await serve(handler());
    const before = Date.now();

    await queue.enqueue({ to: 'ada@example.com' }, { uri: forwarded, id: 'mail-1' });
    await until(() => received.length > 0);

    const [{ task, caller, body } = {}] = received;
    expect(task).toMatchObject({ queueName: 'mail', taskName: 'mail-1', retryCount: 0, executionCount: 0 });
    expect(Math.abs((task?.eta.getTime() ?? 0) - before)).toBeLessThan(60_000);
    expect(caller).toMatchObject({ kind: 'service_account', email: SENDER });
    expect(body).toEqual({ data: { to: 'ada@example.com' } });
    expect(refused).toEqual([]);
  });

  test('that is for in ten minutes says so, though the emulator sends it at once', async () => {
    const { forwarded } = await serve(handler());
    const due = Date.now() + 600_000;

    await queue.enqueue({}, { uri: forwarded, scheduleDelaySeconds: 600 });
    await until(() => received.length > 0);

    expect(Math.abs((received[0]?.task.eta.getTime() ?? 0) - due)).toBeLessThan(60_000);
  });

  test('that fails twice is tried again, and then done', async () => {
    const { forwarded } = await serve(handler());

    await queue.enqueue({ fail: [503, 404] }, { uri: forwarded, id: 'fails-twice' });
    await until(() => received.length === 3);
    await setTimeout(2_000);

    expect(received.map(({ task }) => [task.taskName, task.retryCount, task.previousResponse])).toEqual([
      ['fails-twice', 0, undefined],
      ['fails-twice', 1, 503],
      ['fails-twice', 2, 404],
    ]);
  });

  test('with a content type of its own keeps it', async () => {
    const types: unknown[] = [];
    const { forwarded } = await serve(
      express()
        .use((req, _res, next) => {
          types.push(req.headers['content-type'], req.headers['user-agent']);
          next();
        })
        .use(handler()),
    );

    await queue.enqueue({}, { uri: forwarded, headers: { 'content-type': 'application/vnd.example+json' } });
    await until(() => received.length > 0);

    expect(types).toEqual(['application/vnd.example+json', 'Google-Cloud-Tasks']);
  });

  test('is refused without the forwarder: it has no token', async () => {
    const { straight } = await serve(handler());

    await queue.enqueue({}, { uri: straight });
    await until(() => refused.length > 0);

    expect([received, refused[0]]).toEqual([[], 'token_missing']);
  });

  test('is refused by the reader where only the guard is left out, and the hint says who sends it so', async () => {
    const { straight } = await serve(
      express().post('/tasks/mail', express.json({ type: () => true }), (req, res) => {
        try {
          readCloudTask(req.headersDistinct);
        } catch (error) {
          refused.push(isSenderError(error) && [error.code, error.field, error.hint]);
        }
        res.status(204).end();
      }),
    );

    await queue.enqueue({}, { uri: straight });
    await until(() => refused.length > 0);

    expect(refused).toEqual([
      ['field_invalid', 'x-cloudtasks-tasketa', expect.stringContaining("Firebase's Cloud Tasks emulator sends it so")],
    ]);
  });
});

test('a function of the Functions Framework is a handler like any other', async () => {
  const framework = require('@google-cloud/functions-framework');
  const { getTestServer } = require('@google-cloud/functions-framework/testing');
  framework.http('mail', handler());
  const { forwarded } = await serve(getTestServer('mail').listeners('request')[0]);

  await queue.enqueue({ to: 'ada@example.com' }, { uri: forwarded });
  await until(() => received.length > 0);

  expect(received).toMatchObject([
    { task: { queueName: 'mail' }, caller: { email: SENDER }, body: { data: { to: 'ada@example.com' } } },
  ]);
});
