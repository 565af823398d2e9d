/*
 * Tasks as Firebase's Cloud Tasks emulator sends them (seen with firebase-tools 15.34.2 and firebase-admin 14.5.1), through the
 * forwarder to a guarded handler that reads them. The emulator itself: npm run test:firebase.
 */
import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createGoogleKeySet, serviceAccount } from '@id-token-guard/core';
import { googleIdToken, requireGoogleIdToken } from '@id-token-guard/express';
import { type CloudTask, isSenderError, readCloudTask } from '@id-token-guard/senders';
import express, { type ErrorRequestHandler } from 'express';
import { describe, expect, onTestFinished, test } from 'vitest';
import { asCloudTasks } from '../../packages/emulator/src/forward/tasks-of-firebase.ts';
import { AUDIENCE, SENDER, server } from './support/google.ts';

interface Received {
  readonly task: CloudTask;
  readonly email: string | undefined;
  readonly type: string | undefined;
  readonly userAgent: string | undefined;
  readonly body: unknown;
}

/** A service whose handler answers the first tasks with these statuses, and the next one with 204. */
async function startService(statuses: readonly number[] = []): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const answerErrors: ErrorRequestHandler = (error, _req, res, next) =>
    isSenderError(error) ? res.status(error.status).json({ code: error.code, hint: error.hint }) : next(error);
  const app = express()
    .use(
      requireGoogleIdToken({
        audience: AUDIENCE,
        callers: serviceAccount(SENDER),
        keys: createGoogleKeySet({ url: server.jwksUrl }),
      }),
      express.json({ type: () => true }),
    )
    .post('/tasks/mail', (req, res) => {
      const { claims } = googleIdToken(req);
      const { 'content-type': type, 'user-agent': userAgent } = req.headers;
      const task = readCloudTask(req.headersDistinct);
      received.push({ task, email: claims.email, type, userAgent, body: req.body });
      res.status(statuses[received.length - 1] ?? 204).end();
    })
    .use(answerErrors);
  const service = app.listen(0, '127.0.0.1');
  await once(service, 'listening');
  onTestFinished(() => {
    service.close();
  });
  return { url: `http://127.0.0.1:${(service.address() as AddressInfo).port}`, received };
}

interface Attempt {
  readonly eta: string;
  readonly retryCount?: string;
  readonly executionCount?: string;
  readonly previousResponse?: string;
  readonly contentType?: string;
}

/** Byte for byte what the emulator sends, and in its order. */
function headersOf({ eta, retryCount = '0', executionCount = '0', previousResponse, contentType }: Attempt): string[] {
  return [
    ...['connection', 'keep-alive'],
    ...['Content-Type', contentType ?? 'application/json'],
    ...['X-CloudTasks-QueueName', 'queue:demo-project-us-central1-mail'],
    ...['X-CloudTasks-TaskName', 'mail-1'],
    ...['X-CloudTasks-TaskRetryCount', retryCount],
    ...['X-CloudTasks-TaskExecutionCount', executionCount],
    ...['X-CloudTasks-TaskETA', eta],
    ...(previousResponse === undefined ? [] : ['X-CloudTasks-TaskPreviousResponse', previousResponse]),
    ...['accept', '*/*', 'accept-language', '*', 'sec-fetch-mode', 'cors', 'user-agent', 'node'],
    ...['accept-encoding', 'gzip, deflate', 'content-length', String(BODY.length)],
  ];
}

const BODY = '{"data":{"to":"ada@example.com"}}';

async function send(url: string, attempt: Attempt): Promise<{ status: number | undefined; body: string }> {
  const base = new URL(server.forwardUrl({ target: url, sender: SENDER, audience: AUDIENCE }));
  const headers = ['host', base.host, ...headersOf(attempt)];
  const sent = request(base, { method: 'POST', path: `${base.pathname}/tasks/mail`, headers }).end(BODY);
  const [answer] = await once(sent, 'response');
  return { status: answer.statusCode, body: await text(answer) };
}

describe("a task of Firebase's emulator", () => {
  test('arrives as one of Cloud Tasks: with a token, the name of its queue, and its time in seconds', async () => {
    const { url, received } = await startService();
    const now = Date.now();

    const answer = await send(url, { eta: String(now) });

    expect(answer).toEqual({ status: 204, body: '' });
    expect(received).toEqual([
      {
        task: {
          queueName: 'mail',
          taskName: 'mail-1',
          retryCount: 0,
          executionCount: 0,
          eta: new Date(now),
          previousResponse: undefined,
          retryReason: undefined,
        },
        email: SENDER,
        type: 'application/json',
        userAgent: 'Google-Cloud-Tasks',
        body: JSON.parse(BODY),
      },
    ]);
  });

  test('that is for later, and has a content type of its own', async () => {
    const { url, received } = await startService();
    const contentType = 'application/json, application/octet-stream';

    await send(url, { eta: '2026-11-30T15:33:54.388Z', contentType });

    expect(received).toMatchObject([
      { task: { eta: new Date('2026-11-30T15:33:54.388Z') }, type: 'application/octet-stream', body: JSON.parse(BODY) },
    ]);
  });

  test('that fails twice is tried again, with what was answered before', async () => {
    const { url, received } = await startService([503, 404]);
    const eta = String(Date.now());

    const statuses = [
      await send(url, { eta }),
      await send(url, { eta, retryCount: '1', previousResponse: '503' }),
      await send(url, { eta, retryCount: '2', executionCount: '1', previousResponse: '404' }),
    ].map(({ status }) => status);

    expect(statuses).toEqual([503, 404, 204]);
    expect(received.map(({ task }) => [task.retryCount, task.executionCount, task.previousResponse])).toEqual([
      [0, 0, undefined],
      [1, 0, 503],
      [2, 1, 404],
    ]);
  });

  test('that does not go through the forwarder is refused: it has no token', async () => {
    const { url, received } = await startService();

    const answer = await fetch(`${url}/tasks/mail`, { method: 'POST', body: BODY });

    expect([answer.status, await answer.json()]).toMatchObject([401, { code: 'token_missing' }]);
    expect(received).toEqual([]);
  });
});

describe('the headers of a task', () => {
  test.each([
    ['queue:demo-project-us-central1-mail', 'mail'],
    ['queue:demo-project-europe-west10-send-mail', 'send-mail'],
    ['queue:my-us-east1-project-asia-northeast1-mail', 'mail'],
    ['queue:demo-project-us-central1-ext-us-central1-mail', 'mail'],
    ['queue:demo-project-moon-base1-mail', 'demo-project-moon-base1-mail'],
    ['queue:', 'queue:'],
    ['mail', 'mail'],
  ])('name the queue %s %s', (name, expected) => {
    expect(asCloudTasks([['X-CloudTasks-QueueName', name]])).toEqual([['X-CloudTasks-QueueName', expected]]);
  });

  test.each([
    ['1796052774071', '1796052774.071000'],
    ['2026-11-30T15:33:54.388Z', '1796052834.388000'],
    ['soon', 'soon'],
  ])('tell the time %s as %s', (eta, expected) => {
    const headers: [string, string][] = [
      ['x-cloudtasks-queuename', 'queue:p-us-central1-q'],
      ['X-CloudTasks-TaskETA', eta],
    ];

    expect(asCloudTasks(headers)[1]).toEqual(['X-CloudTasks-TaskETA', expected]);
  });

  test('of anybody else stay as they are', () => {
    const headers: [string, string][] = [
      ['X-CloudTasks-QueueName', 'mail'],
      ['X-CloudTasks-TaskETA', '1796052774071'],
      ['Content-Type', 'application/json, text/plain'],
      ['User-Agent', 'node'],
    ];

    expect(asCloudTasks(headers)).toEqual(headers);
    expect(asCloudTasks(headers.slice(1))).toEqual(headers.slice(1));
  });
});
