/*
 * Which Markdown file is which page. Files stay where GitHub's readers look for them.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url));

/** Markdown for those who work on the repository, or for tools. */
export const NOT_PAGES = ['test/**', 'examples/**', 'packages/*/src/**', '.*/**'];

/** docs/index.md is the first page; the README is, where there is none. */
const HOME = existsSync(join(ROOT, 'docs/index.md')) ? 'docs/index.md' : 'README.md';

/** @param file from the top of the repository, such as `packages/core/README.md` */
export function pageOf(file: string): string {
  if (file === HOME) {
    return 'index.md';
  }
  const [, language] = /^README\.(\w+)\.md$/.exec(file) ?? [];
  if (language !== undefined) {
    return `${language}.md`;
  }
  return file
    .replace(/^docs\//, '')
    .replace(/^packages\/(\w+)\/README\.md$/, 'packages/$1.md')
    .replace(/\/README\.md$/, '/index.md')
    .replace(/^[A-Z]+\.md$/, (name) => name.toLowerCase());
}
