/*
 * The packages as a release makes them.
 */
import { existsSync, mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildCopy } from '../../commands/build-copy.ts';
import { packageNames, pnpm, ROOT, readManifest, run, temporaryDirectory } from './workspace.ts';

export interface Release {
  /** By package name: the file that would go to the registry. */
  readonly tarballs: ReadonlyMap<string, string>;
  /** A project in which the tarballs are unpacked. Their dependencies are those of the workspace, so no network. */
  readonly project: string;
}

/** @param folder where in the temporary directory to build: nothing of it may be seen in what is published */
export async function makeRelease(folder = 'workspace'): Promise<Release> {
  const directory = temporaryDirectory();
  const workspace = join(directory, folder);
  await buildCopy(workspace);
  const tarballs = await pack(workspace, join(directory, 'tarballs'));
  const project = join(directory, 'project');
  await unpack(tarballs, project);
  return { tarballs, project };
}

/** Where a package is in a project. */
export function installedDirectory(project: string, name: string): string {
  return join(project, 'node_modules', '@id-token-guard', name);
}

async function pack(workspace: string, to: string): Promise<Map<string, string>> {
  await run(
    'npx',
    ['--yes', '--prefer-offline', pnpm, '--recursive', '--filter', './packages/*', 'pack', '--pack-destination', to],
    workspace,
  );
  return new Map(
    packageNames.map((name) => {
      const { version } = readManifest(join(workspace, 'packages', name));
      return [name, join(to, `id-token-guard-${name}-${version}.tgz`)];
    }),
  );
}

async function unpack(tarballs: ReadonlyMap<string, string>, project: string): Promise<void> {
  for (const [name, tarball] of tarballs) {
    const directory = installedDirectory(project, name);
    mkdirSync(directory, { recursive: true });
    await run('tar', ['-xzf', tarball, '-C', directory, '--strip-components=1'], project);
    for (const dependency of Object.keys(readManifest(directory).dependencies ?? {})) {
      linkDependency(name, dependency, join(project, 'node_modules', dependency));
    }
  }
}

function linkDependency(name: string, dependency: string, link: string): void {
  if (!dependency.startsWith('@id-token-guard/') && !existsSync(link)) {
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(realpathSync(join(ROOT, 'packages', name, 'node_modules', dependency)), link);
  }
}
