/*
 * The Markdown files of the repository.
 */
import { globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { ROOT } from '../../packages/support/workspace.ts';

export interface Document {
  /** From the top of the repository, such as `docs/keys.md`. */
  readonly path: string;
  readonly text: string;
}

/** Something wrong in a document, as editors and terminals make a link of it: `docs/keys.md:12: …`. */
export type Problem = `${string}:${number}: ${string}`;

const PLACES = ['*.md', '.changeset/*.md', 'packages/*/*.md', 'docs/**/*.md', 'findings/*.md'];

export const documents: readonly Document[] = globSync(PLACES, {
  cwd: ROOT,
  exclude: (path) => path.includes('node_modules'),
})
  .map((path) => path.split(sep).join('/'))
  .toSorted()
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));

export function documentAt(path: string): Document {
  const document = documents.find((each) => each.path === path);
  if (document === undefined) {
    throw new Error(`There is no ${path}.`);
  }
  return document;
}
