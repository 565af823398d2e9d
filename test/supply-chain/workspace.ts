/*
 * The workspace as its files describe it, for the tests of this folder.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

export function readManifest(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
}

/** What is published. */
export const published: readonly Manifest[] = globSync('packages/*', { cwd: ROOT })
  .toSorted()
  .map((directory) => readManifest(join(ROOT, directory)));

/** A script of the root package. */
export function scriptOf(name: string): string {
  const script = readManifest(ROOT).scripts?.[name];
  if (script === undefined) {
    throw new Error(`The root package.json has no script "${name}".`);
  }
  return script;
}

/** The hash of each package of the lockfile, as hexadecimal SHA-512, by `name@version`. */
export function lockedHashes(): ReadonlyMap<string, string> {
  const lockfile = readFileSync(join(ROOT, 'pnpm-lock.yaml'), 'utf8');
  const locked = lockfile.matchAll(/^ {2}'?([^'\s]+@[^'\s]+?)'?:\n {4}resolution: \{integrity: sha512-([^},]+)/gm);
  return new Map([...locked].map(([, id = '', hash = '']) => [id, Buffer.from(hash, 'base64').toString('hex')]));
}

/** The packages of the lockfile that are installed here: those for other systems are not. */
export function installedPackages(): {
  readonly id: string;
  readonly directory: string;
  readonly manifest: Manifest;
}[] {
  const locked = lockedHashes();
  return globSync(['*/node_modules/*/package.json', '*/node_modules/@*/*/package.json'], {
    cwd: join(ROOT, 'node_modules/.pnpm'),
  })
    .map((path) => join(ROOT, 'node_modules/.pnpm', path, '..'))
    .map((directory) => ({ directory, manifest: readManifest(directory) }))
    .map(({ directory, manifest }) => ({ id: `${manifest.name}@${manifest.version}`, directory, manifest }))
    .filter(({ id }) => locked.has(id));
}
