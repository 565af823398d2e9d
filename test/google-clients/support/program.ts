/*
 * Programs in other languages, run as on a virtual machine whose metadata server is the local Google.
 */
import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { home, server } from './world.ts';

/** The path of a file in programs/. */
export function program(name: string): string {
  return fileURLToPath(new URL(`../programs/${name}`, import.meta.url));
}

/** The whole environment of a client: where the metadata server is, and no credentials. */
export const machine: Readonly<Record<string, string>> = {
  PATH: `${process.env['PATH']}`,
  HOME: home,
  GCE_METADATA_HOST: server.metadataHost,
};

/** Runs a command to its end; rejects with what it wrote to standard error where it fails. */
export async function output(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = machine,
): Promise<string> {
  return (await promisify(execFile)(command, args, { env: { ...env } })).stdout;
}

/** Whether a command succeeds. Where it does not, says what to install: the tests that need it are skipped. */
export function works(command: string, args: readonly string[], install: string): boolean {
  const { status } = spawnSync(command, args, { stdio: 'ignore' });
  if (status !== 0) {
    console.warn(`Skipped: to run these tests, install ${install}.`);
  }
  return status === 0;
}
