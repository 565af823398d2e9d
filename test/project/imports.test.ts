/*
 * Imports go one way: cli → emulator → testing → core, adapters → core, senders → core; inside core, verifier → steps → errors.
 * Whoever reads a file then need not know those above it.
 */
import { describe, expect, test } from 'vitest';
import { manifestOf, packageNames, resolve, type SourceFile, sources, sourcesOf } from './sources.ts';

/** What each package may import beside its own files. Built-ins of Node.js are below. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  core: ['jose', 'lru-cache', 'tiny-lru'],
  express: ['@id-token-guard/core', 'express'],
  fastify: ['@id-token-guard/core', 'fastify'],
  fetch: ['@id-token-guard/core'],
  hono: ['@id-token-guard/core', 'hono'],
  koa: ['@id-token-guard/core', 'koa'],
  nestjs: ['@id-token-guard/core', '@nestjs/common', '@nestjs/core'],
  node: ['@id-token-guard/core'],
  senders: ['@id-token-guard/core'],
  serve: ['@id-token-guard/core', '@redis/client', 'ajv', 'pino', 'prom-client'],
  testing: ['@id-token-guard/core', 'jose', 'msw'],
  emulator: ['@id-token-guard/core', '@id-token-guard/testing', '@hono/node-server', 'hono', 'jose'],
  cli: ['@id-token-guard/core', '@id-token-guard/emulator', '@id-token-guard/serve'],
};

test('every package has its line in the table', () => {
  expect(packageNames).toEqual(Object.keys(ALLOWED).toSorted());
});

test('every import statement is understood here', () => {
  for (const { path, text, imports } of sources) {
    const statements = text.match(/^.*\bfrom '[^']+';$|^import '[^']+';$/gm) ?? [];
    expect({ path, count: imports.filter(({ kind }) => kind !== 'dynamic').length }).toEqual({
      path,
      count: statements.length,
    });
  }
});

describe.each(packageNames)('%s', (name) => {
  test('imports other packages only as the table allows', () => {
    const others = sourcesOf(name)
      .flatMap(bareImportsOf)
      .filter((specifier) => !specifier.startsWith('node:'));

    expect(others.map(packageOf).filter((other) => !ALLOWED[name]?.includes(other))).toEqual([]);
  });

  test('declares every package that it imports', () => {
    const { dependencies = {}, peerDependencies = {} } = manifestOf(name);
    const declared = Object.keys({ ...dependencies, ...peerDependencies });
    const imported = sourcesOf(name)
      .flatMap(bareImportsOf)
      .filter((specifier) => !specifier.startsWith('node:'))
      .map(packageOf);

    expect(imported.filter((other) => !declared.includes(other))).toEqual([]);
  });

  test('imports files by relative path only from itself, with their extension', () => {
    for (const source of sourcesOf(name)) {
      for (const { specifier } of source.imports.filter((each) => isOwn(each.specifier))) {
        expect(resolve(source, specifier)?.package, `${source.path} imports ${specifier}`).toBe(name);
      }
    }
  });

  // A type lives in the lowest room that uses it.
  test('has no circle of imports, those of types included', () => {
    expect(sourcesOf(name).map(circleThrough).filter(Boolean)).toEqual([]);
  });
});

test('no package imports built-ins of Node.js, but for emulator, node, serve and cli: they run on every runtime', () => {
  const users = sources.filter(({ imports }) =>
    imports.some(({ kind, specifier }) => kind !== 'type' && isBuiltIn(specifier)),
  );

  expect(users.filter((source) => !['emulator', 'node', 'serve', 'cli'].includes(source.package))).toEqual([]);
});

describe('inside core', () => {
  test.each([
    ['lru-cache', 'core/src/lru.ts'],
    ['tiny-lru', 'core/src/edge/lru.ts'],
  ])('one file knows %s', (name, path) => {
    const users = sourcesOf('core').filter((source) => bareImportsOf(source).includes(name));

    expect(users.map((source) => source.path)).toEqual([path]);
  });

  test('each file of src/edge stands in for one of the same path, with the same exports', () => {
    const halves = sourcesOf('core').filter(({ path }) => path.startsWith('core/src/edge/'));
    const namesOf = (source: SourceFile | undefined) =>
      [...(source?.text ?? '').matchAll(/^export (?:const|function|class) (\w+)/gm)].map(([, name]) => name);

    expect(halves).not.toEqual([]);
    for (const half of halves) {
      const whole = sources.find(({ path }) => path === half.path.replace('/edge/', '/'));
      expect(namesOf(half), half.path).toEqual(namesOf(whole));
    }
  });

  test('one file asks the runtime for built-ins of Node.js, when the program runs', () => {
    const users = sourcesOf('core').filter(({ text }) => /\bgetBuiltinModule\b/.test(text));

    expect(users.map(({ path }) => path)).toEqual(['core/src/runtime/built-in-module.ts']);
  });

  test('no step knows the verifier', () => {
    const importers = sourcesOf('core').filter((source) =>
      source.imports.some(({ specifier }) => resolve(source, specifier)?.path === 'core/src/verifier.ts'),
    );

    expect(importers.map(({ path }) => path)).toEqual([
      'core/src/guard-arguments.ts',
      'core/src/guard.ts',
      'core/src/index.ts',
    ]);
  });

  test('errors.ts imports nothing', () => {
    expect(sources.find(({ path }) => path === 'core/src/errors.ts')?.imports).toEqual([]);
  });

  test('nothing imports the index', () => {
    const importers = sourcesOf('core').filter((source) =>
      source.imports.some(({ specifier }) => resolve(source, specifier)?.path === 'core/src/index.ts'),
    );

    expect(importers.map(({ path }) => path)).toEqual([]);
  });
});

function bareImportsOf({ imports }: SourceFile): string[] {
  return imports.map(({ specifier }) => specifier).filter((specifier) => !isOwn(specifier));
}

/** `hono/utils/http-status` is in `hono`, `@id-token-guard/core/stores` in `@id-token-guard/core`. */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** A file of the same package. */
function isOwn(specifier: string): boolean {
  return specifier.startsWith('.');
}

function isBuiltIn(specifier: string): boolean {
  return specifier.startsWith('node:');
}

/** This file and all that it imports, however deep. */
function reachedFrom(entry: SourceFile): SourceFile[] {
  const reached = new Set([entry]);
  for (const source of reached) {
    for (const next of ownImportsOf(source)) {
      reached.add(next);
    }
  }
  return [...reached];
}

/** Those of types too, which are gone when a program runs: whoever reads a file still has to know them. */
function ownImportsOf(source: SourceFile): SourceFile[] {
  return source.imports
    .filter(({ specifier }) => isOwn(specifier))
    .flatMap(({ specifier }) => resolve(source, specifier) ?? []);
}

/** The file's path, if what it imports comes back to it. */
function circleThrough(source: SourceFile): string | undefined {
  return ownImportsOf(source).flatMap(reachedFrom).includes(source) ? source.path : undefined;
}
