import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const APPS: readonly string[] = ['next-14', 'next-16'].map((name) => join(import.meta.dirname, name));

/** The routes of the apps: runtime, then how `fetch` is to cache. */
export const ROUTES: readonly string[] = readdirSync(join(import.meta.dirname, 'app'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** The production build of an app whose keys are at this URL, without anything of a build before. */
export async function build(app: string, keysUrl: string): Promise<void> {
  await rm(join(app, '.next'), { recursive: true, force: true });
  await promisify(execFile)(process.execPath, [next(app), 'build'], { cwd: app, env: environment(keysUrl) });
}

export interface RunningApp {
  readonly url: string;
  stop(): Promise<void>;
}

export async function start(app: string, keysUrl: string): Promise<RunningApp> {
  const port = await freePort();
  const child = spawn(process.execPath, [next(app), 'start', '-p', `${port}`, '-H', '127.0.0.1'], {
    cwd: app,
    env: environment(keysUrl),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const chunk of child.stdout) {
    if (/Ready/.test(`${chunk}`)) {
      break;
    }
  }
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      child.kill();
      await once(child, 'exit');
    },
  };
}

function next(app: string): string {
  return join(app, 'node_modules/next/dist/bin/next');
}

function environment(keysUrl: string): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', KEYS_URL: keysUrl };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
