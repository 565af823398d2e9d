/*
 * What people import is a promise. A change of it shows as a change of public-surface.txt, for a reviewer to see, and
 * for a change file in .changeset to tell. `vitest run test/packages/public-surface.test.ts -u` writes it anew.
 */
import { describe, expect, test } from 'vitest';
import { declaredNames, entriesOf, namesAtRunTime } from './support/entries.ts';
import { makeRelease } from './support/release.ts';
import { run } from './support/workspace.ts';

const { project } = await makeRelease();
const surface = entriesOf(project).map((entry) => ({ ...entry, ...declaredNames(entry) }));

test('the packages export what public-surface.txt lists', async () => {
  const sections = surface.map(({ specifier, values, types, augmented }) =>
    [specifier, ...[...values, ...types.map((name) => `type ${name}`), ...augmented].map((line) => `  ${line}`)].join(
      '\n',
    ),
  );

  await expect(`${sections.join('\n\n')}\n`).toMatchFileSnapshot('public-surface.txt');
});

test.each([
  ['import', []],
  ['require', []],
  ['import', ['workerd']],
  ['import', ['edge-light']],
] as const)(
  '%s brings what the declarations promise, and nothing besides, under the conditions %j',
  async (load, conditions) => {
    const declared = Object.fromEntries(surface.map(({ specifier, values }) => [specifier, values]));

    expect(await namesAtRunTime(project, load, process.execPath, conditions)).toEqual(declared);
  },
);

describe('an adapter brings what its users need of core', () => {
  const ADAPTERS = ['express', 'fastify', 'fetch', 'hono', 'koa', 'nestjs', 'node'];
  const core = surface.find(({ specifier }) => specifier === '@id-token-guard/core');

  /** What an adapter has under a name that core has, too. */
  function handedOn(name: string, kind: 'values' | 'types'): readonly string[] {
    const adapter = surface.find(({ specifier }) => specifier === `@id-token-guard/${name}`);
    return adapter?.[kind].filter((each) => core?.[kind].includes(each)) ?? [];
  }

  test.each(ADAPTERS)('%s: the same as every other one', (name) => {
    expect(handedOn(name, 'values')).toEqual(handedOn('hono', 'values'));
    expect(handedOn(name, 'types').filter((each) => each !== 'NodeRequest')).toEqual(handedOn('hono', 'types'));
    expect(handedOn(name, 'values')).toContain('serviceAccount');
  });

  test.each([
    ['import', 'import'],
    ['require', 'require'],
    ['import', 'require'],
    ['require', 'import'],
  ])('the very same objects, where the adapter comes by %s and core by %s', async (adapterBy, coreBy) => {
    const load = (by: string, name: string) => (by === 'import' ? `await import('${name}')` : `require('${name}')`);
    const program = `
      const require = (await import('node:module')).createRequire(process.cwd() + '/program.js');
      const core = ${load(coreBy, '@id-token-guard/core')};
      const differing = [];
      for (const name of ${JSON.stringify(ADAPTERS)}) {
        const adapter = ${load(adapterBy, '@id-token-guard/').replace("/'", "/' + name")};
        differing.push(...${JSON.stringify(handedOn('hono', 'values'))}.filter((each) => adapter[each] !== core[each]));
      }
      console.log(JSON.stringify(differing));`;

    expect(JSON.parse(await run(process.execPath, ['--input-type=module', '--eval', program], project))).toEqual([]);
  });
});
