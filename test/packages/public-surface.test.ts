/*
 * What people import is a promise. A change of it shows as a change of public-surface.txt, for a reviewer to see, and
 * for a change file in .changeset to tell. `vitest run test/packages/public-surface.test.ts -u` writes it anew.
 */
import { expect, test } from 'vitest';
import { declaredNames, entriesOf, namesAtRunTime } from './support/entries.ts';
import { makeRelease } from './support/release.ts';

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

test.each(['import', 'require'] as const)(
  '%s brings what the declarations promise, and nothing besides',
  async (load) => {
    const declared = Object.fromEntries(surface.map(({ specifier, values }) => [specifier, values]));

    expect(await namesAtRunTime(project, load)).toEqual(declared);
  },
);
