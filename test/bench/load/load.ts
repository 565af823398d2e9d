/*
 * Requests for a while, as many as the server answers: autocannon, in a process of its own.
 */
import type { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { answerQuestions, isProgram, startChild } from '../measuring/child.ts';
import { quantile } from '../measuring/statistics.ts';

export interface Load {
  readonly port: number;
  readonly token: string;
  readonly connections: number;
  readonly milliseconds: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly requestsPerSecond: number;
  /** In milliseconds: one request in a hundred takes longer. */
  readonly p99: number;
}

export interface LoadGenerator {
  run(load: Load): Promise<LoadResult>;
  close(): void;
}

/** What is used of autocannon, which is installed in this folder only, by `npm run bench`. */
type Autocannon = (options: {
  readonly url: string;
  readonly connections: number;
  readonly duration: number;
  readonly sampleInt: number;
  readonly headers: Readonly<Record<string, string>>;
}) => PromiseLike<{ readonly errors: number; readonly non2xx: number; readonly requests: { readonly sent: number } }> &
  EventEmitter;

/** It looks this often whether the time is up, and would do so once a second. */
const LOOK_EVERY_MS = 10;

/** Makes the load in a process of its own. */
export function startLoadGenerator(): LoadGenerator {
  const child = startChild(import.meta.url);
  return { run: (load) => child.ask(load), close: () => child.end() };
}

if (isProgram(import.meta.url)) {
  answerQuestions(run);
}

/** @throws Error where an answer is not 200, or there is none: a refusal would look like speed */
export async function run({ port, token, connections, milliseconds }: Load): Promise<LoadResult> {
  const autocannon: Autocannon = createRequire(import.meta.url)('autocannon');
  const latencies: number[] = [];
  let begin = 0;
  let end = 0;
  const shots = autocannon({
    url: `http://127.0.0.1:${port}/`,
    connections,
    duration: milliseconds / 1000,
    sampleInt: LOOK_EVERY_MS,
    headers: { host: 'api.example.com', authorization: `Bearer ${token}` },
  });
  shots.on('start', () => {
    begin = performance.now();
  });
  // Its own figures are whole milliseconds, and whole samples.
  shots.on('response', (_client, _status, _bytes, latency: number) => {
    end = performance.now();
    latencies.push(latency);
  });
  const { errors, non2xx, requests } = await shots;
  // When the time is up, one request of each connection is on its way. A connection that is closed counts as no error.
  const unanswered = requests.sent - latencies.length - connections;
  if (errors > 0 || non2xx > 0 || unanswered > 0 || latencies.length === 0) {
    throw new Error(`Of ${requests.sent} requests ${latencies.length} were answered, ${non2xx} not with 200.`);
  }
  return {
    requests: latencies.length,
    requestsPerSecond: (latencies.length * 1000) / (end - begin),
    p99: quantile(latencies, 0.99),
  };
}
