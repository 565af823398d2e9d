/*
 * Serves the handler of an example in a process of a runtime of its own, on the packages as they are installed.
 */
import { spawn } from 'node:child_process';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { EXECUTABLES } from './executables.ts';
import type { InstalledPackages } from './installed-packages.ts';

export interface ExampleProcess {
  readonly url: string;
  stop(): void;
}

/** The options of each, and what its example does when it is run; only the port is any free one, which is printed. */
const RUNTIMES = {
  deno: {
    options: ['run', '--no-prompt', '--allow-net=127.0.0.1'],
    serve: `Deno.serve({ port: 0, hostname: '127.0.0.1', onListen: ({ port }) => console.log(port) }, handler);`,
  },
  bun: {
    options: [],
    serve: `console.log(Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: handler }).port);`,
  },
} as const;

/** @param jwksUrl where the example gets the keys in place of Google */
export async function serveExample(
  runtime: keyof typeof RUNTIMES,
  { directory }: InstalledPackages,
  jwksUrl: string,
): Promise<ExampleProcess> {
  const { options, serve } = RUNTIMES[runtime];
  const main = join(directory, `serve-${runtime}.ts`);
  await copyFile(new URL(`../../examples/${runtime}.ts`, import.meta.url), join(directory, `${runtime}.ts`));
  await writeFile(
    main,
    `import { createGoogleKeySet } from '@id-token-guard/core';
    import { createHandler } from './${runtime}.ts';
    const handler = createHandler({ keys: createGoogleKeySet({ url: '${jwksUrl}' }) });
    ${serve}`,
  );
  const child = spawn(EXECUTABLES[runtime], [...options, main], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${runtime} has ended with code ${code}.`)));
  });
  return { url: `http://127.0.0.1:${port}`, stop: () => void child.kill() };
}
