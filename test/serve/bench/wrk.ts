import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface WrkResult {
  readonly requests: number;
  readonly requestsPerSecond: number;
  /** In milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Answers that were neither 2xx nor 3xx. */
  readonly refused: number;
}

const CONNECTIONS = 32;

/** One thread on the second core, which 32 connections keep busy. */
export async function wrk(url: string, lines: readonly string[], seconds: number): Promise<WrkResult> {
  const headers = lines.flatMap((line) => ['-H', line]);
  const args = ['-c', '1', 'wrk', '-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, '--latency', ...headers, url];
  const { stdout } = await promisify(execFile)('taskset', args);
  const read = (pattern: RegExp) => pattern.exec(stdout)?.[1] ?? '0';
  return {
    requests: Number(read(/(\d+) requests in/)),
    requestsPerSecond: Number(read(/Requests\/sec:\s+([\d.]+)/)),
    p50: milliseconds(read(/50%\s+(\S+)/)),
    p99: milliseconds(read(/99%\s+(\S+)/)),
    refused: Number(read(/Non-2xx or 3xx responses: (\d+)/)),
  };
}

function milliseconds(text: string): number {
  const [, number = '0', unit = 'ms'] = /^([\d.]+)(us|ms|s)$/.exec(text) ?? [];
  return Number(number) * { us: 0.001, ms: 1, s: 1000 }[unit as 'us' | 'ms' | 's'];
}
