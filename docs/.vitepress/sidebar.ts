/*
 * The order of the pages. A page that no line names comes last, under "More".
 */
import { globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { pageOf, ROOT } from './pages.ts';

interface Section {
  readonly text: string;
  readonly collapsed: boolean;
  readonly items: { readonly text: string; readonly link: string }[];
}

const SECTIONS: Readonly<Record<string, readonly string[]>> = {
  Start: ['docs/index.md', 'README.md', 'README.*.md', 'docs/how-it-works.md', 'docs/comparison.md'],
  Guides: [
    'docs/guides/*.md',
    'docs/guides/serve/*.md',
    'docs/doors.md',
    'docs/callers.md',
    'docs/audiences.md',
    'docs/edge.md',
  ],
  Senders: ['docs/senders.md', 'docs/guides/senders/*.md'],
  Operation: ['docs/refused.md', 'docs/keys.md', 'docs/command-line.md'],
  Development: ['docs/testing.md', 'docs/local-development.md', 'docs/local-google*.md'],
  Migration: ['docs/migration/*.md'],
  'API reference': ['docs/reference/README.md', 'docs/reference/**/*.md'],
  Packages: ['packages/*/README.md'],
  Proof: ['docs/runtimes.md', 'docs/performance.md', 'docs/figures.md', 'docs/fuzzing.md', 'findings/README.md'],
  Project: ['CHANGELOG.md', 'SECURITY.md', 'CONTRIBUTING.md'],
  More: ['docs/**/*.md'],
};
const COLLAPSED = ['Migration', 'API reference', 'Packages'];
const IN_NAV = ['Guides', 'Senders', 'Operation', 'API reference'];

/** Where the first line of a page does not tell it from others. */
const TITLES: Readonly<Record<string, string>> = {
  'docs/index.md': 'Overview',
  'README.md': 'README',
  'README.ko.md': '한국어',
};

export const sidebar: Section[] = sections();

export const nav = sidebar
  .filter(({ text }) => IN_NAV.includes(text))
  .map(({ text, items }) => ({ text, link: `${items[0]?.link}` }));

function sections(): Section[] {
  const seen = new Set<string>();
  return Object.entries(SECTIONS)
    .map(([text, globs]) => {
      const items: Section['items'] = [];
      for (const file of globs.flatMap(filesOf)) {
        if (!seen.has(file)) {
          seen.add(file);
          items.push({ text: titleOf(file), link: linkTo(file) });
        }
      }
      return { text, collapsed: COLLAPSED.includes(text), items };
    })
    .filter(({ items }) => items.length > 0);
}

function filesOf(glob: string): string[] {
  return globSync(glob, { cwd: ROOT, exclude: (path) => path.includes('node_modules') })
    .map((path) => path.split(sep).join('/'))
    .toSorted();
}

function titleOf(file: string): string {
  const [, heading = file] = /^# (.+)$/m.exec(readFileSync(join(ROOT, file), 'utf8')) ?? [];
  return TITLES[file] ?? heading.replaceAll('`', '');
}

function linkTo(file: string): string {
  return `/${pageOf(file)}`.replace(/\.md$/, '').replace(/\/index$/, '/');
}
