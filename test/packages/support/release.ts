/*
 * The packages as a release makes them. Built from a copy of the sources, because the dist folders of the workspace may
 * be old, or have files whose sources are gone.
 */
import { cpSync, existsSync, mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageNames, pnpm, ROOT, readManifest, rootProgram, run, temporaryDirectory } from './workspace.ts';

export interface Release {
  /** By package name: the file that would go to the registry. */
  readonly tarballs: ReadonlyMap<string, string>;
  /** A project in which the tarballs are unpacked. Their dependencies are those of the workspace, so no network. */
  readonly project: string;
}

const COPIED = ['package.json', 'pnpm-workspace.yaml', 'tsconfig.base.json', 'tsconfig.build.json', 'LICENSE'];
const COPIED_OF_PACKAGES = ['package.json', 'tsconfig.json', 'README.md', 'src', 'node_modules'];

/** @param folder where in the temporary directory to build: nothing of it may be seen in what is published */
export async function makeRelease(folder = 'workspace'): Promise<Release> {
  const directory = temporaryDirectory();
  const workspace = join(directory, folder);
  copyWorkspace(workspace);
  await run(rootProgram('tsc'), ['--build', 'tsconfig.build.json'], workspace);
  const tarballs = await pack(workspace, join(directory, 'tarballs'));
  const project = join(directory, 'project');
  await unpack(tarballs, project);
  return { tarballs, project };
}

/** Where a package is in a project. */
export function installedDirectory(project: string, name: string): string {
  return join(project, 'node_modules', '@id-token-guard', name);
}

function copyWorkspace(to: string): void {
  const paths = [
    ...COPIED,
    ...packageNames.flatMap((name) => COPIED_OF_PACKAGES.map((path) => join('packages', name, path))),
  ];
  for (const path of paths.filter((each) => existsSync(join(ROOT, each)))) {
    // Links between the packages are relative: in the copy they lead to the copies.
    cpSync(join(ROOT, path), join(to, path), { recursive: true, verbatimSymlinks: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(to, 'node_modules'));
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
