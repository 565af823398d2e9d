import { readFileSync } from 'node:fs';
import { AUDIENCE, SENDER } from '../support/guard.ts';
import { outputWith, type Running, start } from '../support/processes.ts';

export interface PinnedGuard extends Running {
  readonly url: string;
  readonly port: number;
  readonly managementPort: number;
}

/** A guard that has one core and no other. */
export async function startPinnedGuard(
  { main, keysUrl }: { readonly main: string; readonly keysUrl: string },
  args: readonly string[],
): Promise<PinnedGuard> {
  const access = ['--audience', AUDIENCE, '--service-account', SENDER, '--keys-url', keysUrl];
  const ports = ['--port', '0', '--management-port', '0'];
  const guard = start('taskset', ['-c', '0', process.execPath, main, 'serve', ...access, ...ports, ...args]);
  const [line] = await outputWith(guard, /^.*"msg":"listening".*$/m);
  const { url, managementUrl } = JSON.parse(line) as { url: string; managementUrl: string };
  return Object.assign(guard, { url, port: portOf(url), managementPort: portOf(managementUrl) });
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

/** In bytes. */
export function residentMemory({ process: { pid } }: Running): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}
