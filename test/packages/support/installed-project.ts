/*
 * A project of somebody who has installed the packages with npm: the tarballs, and from the registry what they depend
 * on, the frameworks, and compilers.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageNames, ROOT, readManifest, run, temporaryDirectory } from './workspace.ts';

/** What npm says where it does not reach the registry, and the cache does not have what is needed. */
const UNREACHABLE = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTCACHED)\b/;

/** npm would try for minutes. */
const PATIENCE = [
  '--fetch-retries=1',
  '--fetch-retry-mintimeout=1000',
  '--fetch-retry-maxtimeout=2000',
  '--fetch-timeout=30000',
];

/**
 * Installs the tarballs, and more, into a project with a `package.json` and nothing else.
 *
 * @returns the folder, or `undefined` where the registry cannot be reached
 */
export async function installProject(
  tarballs: ReadonlyMap<string, string>,
  more: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const project = temporaryDirectory();
  const ours = [...tarballs].map(([name, tarball]) => [`@id-token-guard/${name}`, `file:${tarball}`]);
  const dependencies = { ...Object.fromEntries(ours), ...neededPeers(), ...more };
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }));
  try {
    await run(
      'npm',
      ['install', '--prefer-offline', '--no-audit', '--no-fund', ...PATIENCE, '--loglevel=error'],
      project,
    );
    return project;
  } catch (error) {
    if (error instanceof Error && UNREACHABLE.test(error.message)) {
      return undefined;
    }
    throw error;
  }
}

/** The frameworks and their types, in the versions of the workspace: news of theirs must not fail our tests. */
function neededPeers(): Record<string, string> {
  const peers: Record<string, string> = {};
  for (const name of packageNames) {
    const directory = join(ROOT, 'packages', name);
    const { peerDependencies = {}, peerDependenciesMeta = {} } = readManifest(directory);
    for (const peer of Object.keys(peerDependencies)) {
      // Types are optional for JavaScript only. Of msw it is the absence that is worth a test.
      if (peerDependenciesMeta[peer]?.optional !== true || peer.startsWith('@types/')) {
        peers[peer] = readManifest(join(directory, 'node_modules', peer)).version;
      }
    }
  }
  return peers;
}
