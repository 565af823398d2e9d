/*
 * House rules that neither the compiler nor the linter knows.
 */
import { describe, expect, test } from 'vitest';
import { manifestOf, packageNames, resolve, type SourceFile, sources, sourcesOf } from './sources.ts';

test('there are no default exports', () => {
  const offenders = sources.filter(({ text }) => /^export default\b|^export \{[^}]*\bas default\b/m.test(text));

  expect(offenders.map(({ path }) => path)).toEqual([]);
});

test('there is no export *: an index names what it exports', () => {
  expect(sources.filter(({ text }) => /^export \*/m.test(text)).map(({ path }) => path)).toEqual([]);
});

test('core, senders, adapters and testing never read the environment', () => {
  const guarded = sourcesOf(...packageNames.filter((name) => name !== 'emulator' && name !== 'cli'));
  const environment = /\bprocess\??\.env\b|\bprocess\??\.?\[|import\.meta\.env\b|\b(Deno|Bun)\??\.env\b/;

  expect(guarded.length).toBeGreaterThan(20);
  expect(guarded.filter(({ text }) => environment.test(text)).map(({ path }) => path)).toEqual([]);
});

test('nothing is written to the console but by cli, and by node of a handler that failed where nobody else would hear of it', () => {
  const quiet = sourcesOf(...packageNames.filter((name) => name !== 'cli'));

  expect(quiet.filter(({ text }) => /^[^/*]*\bconsole\./m.test(text)).map(({ path }) => path)).toEqual([
    'node/src/failure.ts',
  ]);
});

describe('every exported symbol has a doc comment:', () => {
  const entries = packageNames.flatMap((name) =>
    Object.values(manifestOf(name).exports).map((path) => path.replace('./', `${name}/`)),
  );

  test.each(entries)('%s', (path) => {
    const entry = sources.find((source) => source.path === path) ?? expect.fail(`There is no ${path}.`);
    const exported = exportsOf(entry);

    expect(exported.length).toBeGreaterThan(0);
    expect(exported.filter(({ documented }) => !documented).map(({ name }) => name)).toEqual([]);
  });
});

interface ExportedSymbol {
  readonly name: string;
  readonly documented: boolean;
}

/** The symbols that a file exports, where they are declared. */
function exportsOf(source: SourceFile): ExportedSymbol[] {
  const exported: ExportedSymbol[] = [];
  for (const [, names = '', specifier = ''] of source.text.matchAll(
    /^export (?:type )?\{([^}]*)\} from '([^']+)';$/gm,
  )) {
    const target = targetOf(source, specifier) ?? expect.fail(`${source.path} exports from ${specifier}.`);
    const wanted = names.split(',').map((name) => name.replace(/\btype\b/, '').trim());
    for (const name of wanted.filter((each) => each !== '')) {
      exported.push(
        exportsOf(target).find((symbol) => symbol.name === name) ??
          expect.fail(`${source.path} exports ${name}, which ${target.path} does not.`),
      );
    }
  }
  return [...exported, ...declarationsOf(source)];
}

/** A file of the same package, or core, of which adapters hand on what their users need. */
function targetOf(source: SourceFile, specifier: string): SourceFile | undefined {
  return specifier === '@id-token-guard/core'
    ? sources.find(({ path }) => path === 'core/src/index.ts')
    : resolve(source, specifier);
}

const DECLARATION = /^export (?:async )?(?:function|const|class|interface|type|enum) (\w+)/gm;

function declarationsOf({ text }: SourceFile): ExportedSymbol[] {
  const symbols = new Map<string, ExportedSymbol>();
  for (const { 1: name = '', index } of text.matchAll(DECLARATION)) {
    // Of overloads, the first one has the comment.
    if (!symbols.has(name)) {
      symbols.set(name, { name, documented: /\/\*\*(?:(?!\*\/)[\s\S])+\*\/\s*$/.test(text.slice(0, index)) });
    }
  }
  return [...symbols.values()];
}
