/*
 * What a package exports: by its declarations, which TypeScript reads, and by its modules, which run.
 */
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { installedDirectory } from './release.ts';
import { packageNames, readManifest, run } from './workspace.ts';

/** Something to import, such as `@id-token-guard/core/stores`. */
export interface Entry {
  readonly specifier: string;
  /** The file with its declarations. */
  readonly types: string;
}

/** All that can be imported from the packages of a project. */
export function entriesOf(project: string): readonly Entry[] {
  return packageNames.flatMap((name) => {
    const directory = installedDirectory(project, name);
    const manifest = readManifest(directory);
    return Object.entries(manifest.exports).map(([path, targets]) => ({
      specifier: posix.join(manifest.name, path),
      types: join(directory, targets.import.types),
    }));
  });
}

export interface DeclaredNames {
  readonly values: readonly string[];
  readonly types: readonly string[];
  /** Declarations of others that gain members, such as `declare module 'fastify'`. */
  readonly augmented: readonly string[];
}

/** The names that an entry declares. Reads what the build writes, line by line, and throws at any other form. */
export function declaredNames({ types: path }: Entry): DeclaredNames {
  const [values, types, augmented] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const list = /^export (type )?\{ ([\w, ]+) \};$/.exec(line);
    const declaration = /^export (?:declare (?<value>function|const|class)|(?<type>type|interface)) (?<name>\w+)/.exec(
      line,
    );
    const augmentation = /^declare (global|module "[^"]+")/.exec(line);
    if (list?.[2] !== undefined) {
      for (const item of list[2].split(', ')) {
        const name = item.replace('type ', '');
        (list[1] !== undefined || item !== name ? types : values).add(name);
      }
    } else if (declaration?.groups?.['name'] !== undefined) {
      (declaration.groups['value'] === undefined ? types : values).add(declaration.groups['name']);
    } else if (augmentation !== null) {
      augmented.add(augmentation[0].replaceAll('"', "'"));
    } else if (/^export\b/.test(line)) {
      throw new Error(`${path} exports in a form that this test does not read: ${line}`);
    }
  }
  return { values: [...values].toSorted(), types: [...types].toSorted(), augmented: [...augmented].toSorted() };
}

/** The names that an entry has at run time, by specifier: with `import`, or with `require` in CommonJS. */
export async function namesAtRunTime(
  project: string,
  load: 'import' | 'require',
  node: string = process.execPath,
  conditions: readonly string[] = [],
): Promise<Record<string, readonly string[]>> {
  const specifiers = entriesOf(project).map(({ specifier }) => specifier);
  const script = `(async () => {
    const names = {};
    for (const specifier of ${JSON.stringify(specifiers)}) {
      names[specifier] = Object.keys(await ${load}(specifier)).sort();
    }
    console.log(JSON.stringify(names));
  })();`;
  return JSON.parse(
    await run(
      node,
      [...conditions.map((each) => `--conditions=${each}`), '--input-type=commonjs', '--eval', script],
      project,
    ),
  );
}
