/*
 * Requests for a while, as many as the server answers: each connection sends one, waits for the answer, and sends the next.
 * It writes and counts bytes and parses no more than it must, so that the server has most of the machine and not its client.
 */
import { connect } from 'node:net';
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

/** Makes the load in a process of its own. */
export function startLoadGenerator(): LoadGenerator {
  const child = startChild(import.meta.url);
  return { run: (load) => child.ask(load), close: () => child.end() };
}

if (isProgram(import.meta.url)) {
  answerQuestions(run);
}

/** @throws Error where an answer is not 200 */
export async function run({ port, token, connections, milliseconds }: Load): Promise<LoadResult> {
  const head = ['GET / HTTP/1.1', 'Host: api.example.com', `Authorization: Bearer ${token}`];
  const request = Buffer.from(`${head.join('\r\n')}\r\n\r\n`);
  const latencies: number[] = [];
  const begin = performance.now();
  const end = begin + milliseconds;
  await Promise.all(Array.from({ length: connections }, () => keepAsking(port, request, end, latencies)));
  const seconds = (performance.now() - begin) / 1000;
  return {
    requests: latencies.length,
    requestsPerSecond: latencies.length / seconds,
    p99: quantile(latencies, 0.99),
  };
}

function keepAsking(port: number, request: Buffer, end: number, latencies: number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    let sentAt = 0;
    const send = () => {
      answer = '';
      sentAt = performance.now();
      socket.write(request);
    };
    socket
      .setNoDelay()
      .on('connect', send)
      .on('error', reject)
      .on('close', resolve)
      .on('data', (bytes) => {
        answer += bytes.toString('latin1');
        if (!isComplete(answer)) {
          return;
        }
        const now = performance.now();
        latencies.push(now - sentAt);
        if (!answer.startsWith('HTTP/1.1 200 ')) {
          reject(new Error(`The server answers ${answer.slice(0, 200)}`));
          socket.destroy();
        } else if (now < end) {
          send();
        } else {
          socket.end();
        }
      });
  });
}

/** All that the servers send has a length. */
function isComplete(answer: string): boolean {
  const bodyStart = answer.indexOf('\r\n\r\n') + 4;
  const length = /\r\ncontent-length: (\d+)\r\n/i.exec(answer)?.[1];
  return bodyStart > 4 && length !== undefined && answer.length >= bodyStart + Number(length);
}
