/*
 * The command line as a person runs it: a process of its own.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const MAIN = fileURLToPath(new URL('../../../packages/cli/src/main.ts', import.meta.url));

export interface Output {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Standard input. */
  readonly input?: string;
  /** All of the environment but for `PATH`: nothing of that of the tests counts. */
  readonly env?: Readonly<Record<string, string>>;
}

/** `id-token-guard …`, to its end. */
export async function cli(args: readonly string[], { input = '', env = {} }: RunOptions = {}): Promise<Output> {
  const child = start(args, env);
  // A command that needs no input may be gone before it has come.
  child.stdin.on('error', () => {}).end(input);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code, stdout, stderr };
}

/** The same, as before `head`: nobody reads its output. */
export async function cliUnread(args: readonly string[]): Promise<Omit<Output, 'stdout'>> {
  const child = start(args, {});
  child.stdout.destroy();
  child.stdin.end();
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return { code, stderr };
}

/** `id-token-guard …` that goes on until it gets a signal. It is stopped after the test at the latest. */
export interface RunningCli {
  /** What it has printed until now. */
  readonly stdout: string;
  /** Waits for a line that has this text in it. */
  lineWith(part: string): Promise<string>;
  /** Sends a signal and waits for the end. */
  stop(signal: NodeJS.Signals): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

export function startCli(args: readonly string[], env: Readonly<Record<string, string>> = {}): RunningCli {
  const child = start(args, env);
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const exited = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  const stderr = text(child.stderr);
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  return {
    get stdout() {
      return stdout;
    },
    async lineWith(part) {
      while (child.exitCode === null && child.signalCode === null) {
        const found = stdout
          .split('\n')
          .slice(0, -1)
          .find((line) => line.includes(part));
        if (found !== undefined) {
          return found;
        }
        await setTimeout(20);
      }
      throw new Error(`It has ended without such a line: ${await stderr}`);
    },
    stop(signal) {
      child.kill(signal);
      return exited;
    },
  };
}

function start(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [MAIN, ...args], { env: { PATH: process.env['PATH'], ...env } });
}
