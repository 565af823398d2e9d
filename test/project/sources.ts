/*
 * The sources of the packages as text, and what they import. Read with regular expressions: the formatter has made all
 * statements look alike.
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Import {
  readonly specifier: string;
  /** `value`: loaded with the file that imports; `type`: never loaded; `dynamic`: loaded when it is needed. */
  readonly kind: 'value' | 'type' | 'dynamic';
}

export interface SourceFile {
  /** The folder in packages/, such as `core`. */
  readonly package: string;
  /** From packages/ on, such as `core/src/errors.ts`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

export interface Manifest {
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const PACKAGES = fileURLToPath(new URL('../../packages', import.meta.url));

export const packageNames: readonly string[] = globSync('*/package.json', { cwd: PACKAGES }).map(dirname).toSorted();

export const sources: readonly SourceFile[] = globSync('*/src/**/*.ts', { cwd: PACKAGES })
  .map((path) => path.replaceAll('\\', '/'))
  .toSorted()
  .map((path) => {
    const text = readFileSync(join(PACKAGES, path), 'utf8');
    return { package: `${path.split('/')[0]}`, path, text, imports: importsOf(text) };
  });

export function sourcesOf(...names: string[]): SourceFile[] {
  return sources.filter((source) => names.includes(source.package));
}

export function manifestOf(name: string): Manifest {
  return JSON.parse(readFileSync(join(PACKAGES, name, 'package.json'), 'utf8'));
}

/** The file that a relative import names; `undefined` where there is none. */
export function resolve(from: SourceFile, specifier: string): SourceFile | undefined {
  const path = relative(PACKAGES, join(PACKAGES, dirname(from.path), specifier)).replaceAll('\\', '/');
  return sources.find((source) => source.path === path);
}

function importsOf(text: string): Import[] {
  const imports: Import[] = [];
  for (const [, type, specifier] of text.matchAll(/^(?:import|export) (type )?(?:[^;'"`]*? from )?'([^']+)';$/gm)) {
    imports.push({ specifier: `${specifier}`, kind: type === undefined ? 'value' : 'type' });
  }
  for (const [, specifier] of text.matchAll(/\bimport\('([^']+)'\)/g)) {
    imports.push({ specifier: `${specifier}`, kind: 'dynamic' });
  }
  return imports;
}
