/*
 * Servers in processes of their own. Whatever is started here is killed when the test file ends, at the latest; the
 * benchmark, which is no test, calls `stopAll` itself.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

export interface Running {
  readonly process: ChildProcess;
  /** What it has written to standard output and standard error until now. */
  readonly output: string;
  /** Sends a signal, if it still runs, and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

const running = new Set<Running>();
const directories: string[] = [];

if (process.env['VITEST'] !== undefined) {
  const { afterAll } = await import('vitest');
  afterAll(stopAll);
}

/** Stops what still runs, and removes the folders. */
export async function stopAll(): Promise<void> {
  // Not at once by SIGKILL: the workers of nginx would go on without their master.
  const late = setTimeout(STOP_LIMIT, undefined, { ref: false }).then(() => killAll());
  await Promise.race([late, Promise.all([...running].map((each) => each.stop()))]);
  for (const directory of directories) {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** In milliseconds: longer than a guard takes to close, at most. */
const STOP_LIMIT = 12_000;

function killAll(): void {
  for (const each of running) {
    each.process.kill('SIGKILL');
  }
}

export function start(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'], ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  }
  const exited = once(child, 'close').then(([code]) => code as number | null);
  const started: Running = {
    process: child,
    get output() {
      return output;
    },
    stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill(signal);
      }
      return exited;
    },
  };
  running.add(started);
  exited.then(() => running.delete(started));
  return started;
}

/** Waits until it has written this. */
export async function outputWith(program: Running, pattern: RegExp): Promise<RegExpExecArray> {
  for (;;) {
    const found = pattern.exec(program.output);
    if (found !== null) {
      return found;
    }
    if (program.process.exitCode !== null || program.process.signalCode !== null) {
      throw new Error(`It has ended without ${pattern}: ${program.output}`);
    }
    await setTimeout(10);
  }
}

/** Waits until a program listens there. */
export async function listening(program: Running, port: number): Promise<void> {
  while (!(await accepts(port))) {
    if (program.process.exitCode !== null) {
      throw new Error(`It has ended: ${program.output}`);
    }
    await setTimeout(20);
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** A port where nobody listens. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A folder that is gone after the tests. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'id-token-guard-serve-'));
  directories.push(directory);
  return directory;
}

export function isInstalled(command: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
}
