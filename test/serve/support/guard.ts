/*
 * `id-token-guard serve` as an operator starts it: a process of its own.
 */
import { fileURLToPath } from 'node:url';
import { outputWith, type Running, start } from './processes.ts';

const MAIN = fileURLToPath(new URL('../../../packages/cli/src/main.ts', import.meta.url));

export const AUDIENCE = 'https://api.example.com';
export const SENDER = 'sender@my-project.iam.gserviceaccount.com';

export interface GuardProcess extends Running {
  readonly url: string;
  readonly port: number;
  readonly managementUrl: string;
  readonly managementPort: number;
}

/** A guard on any free port that lets the sender in, and others where the arguments say so. */
export async function startGuard(keysUrl: string, args: readonly string[] = []): Promise<GuardProcess> {
  const access = ['--audience', AUDIENCE, '--service-account', SENDER];
  return startServe([...access, '--keys-url', keysUrl, '--port', '0', '--management-port', '0', '--metrics', ...args]);
}

/** `serve` with these arguments, once it listens. */
export async function startServe(args: readonly string[]): Promise<GuardProcess> {
  const guard = start(process.execPath, [MAIN, 'serve', ...args]);
  const [line] = await outputWith(guard, /^.*"msg":"listening".*$/m);
  const { url, managementUrl } = JSON.parse(line) as { url: string; managementUrl: string };
  const ports = { port: Number(new URL(url).port), managementPort: Number(new URL(managementUrl).port) };
  return Object.assign(guard, { url, managementUrl, ...ports });
}
