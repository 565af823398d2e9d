/*
 * Links are written for GitHub, from file to file. Here those to Markdown lead to pages, and those to other files to the
 * repository, where the build knows its address; where not, they are text.
 */
import { existsSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import type { MarkdownRenderer } from 'vitepress';
import { pageOf, ROOT } from './pages.ts';

const { GITHUB_SERVER_URL, GITHUB_REPOSITORY } = process.env;

/** GitHub's builds tell it. */
export const REPOSITORY_URL: string | undefined =
  GITHUB_SERVER_URL && GITHUB_REPOSITORY ? `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}` : undefined;

export function linksToPages(md: MarkdownRenderer): void {
  md.core.ruler.push('links_to_pages', ({ tokens, env }) => {
    const file = relative(ROOT, env.realPath ?? env.path)
      .split(sep)
      .join('/');
    const open: Token[] = [];
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      if (token.type === 'link_open') {
        open.push(token);
        lead(token, file);
      } else if (token.type === 'link_close') {
        token.tag = open.pop()?.tag ?? token.tag;
      }
    }
  });
}

type Token = ReturnType<MarkdownRenderer['parse']>[number];

function lead(link: Token, from: string): void {
  const href = link.attrGet('href') ?? '';
  if (href.startsWith('#') || URL.canParse(href)) {
    return;
  }
  const [path = '', anchor] = href.split('#');
  const to = posix.join(posix.dirname(from), decodeURI(path));
  const page = markdownAt(to);
  if (page !== undefined) {
    const address = `/${pageOf(page)}`.replace(/(?<=\/)index\.md$/, '');
    link.attrSet('href', anchor === undefined ? address : `${address}#${anchor}`);
  } else if (REPOSITORY_URL !== undefined) {
    link.attrSet('href', `${REPOSITORY_URL}/blob/HEAD/${to}`);
  } else {
    link.tag = 'span';
    link.attrs = [['title', `${to}, in the repository`]];
  }
}

/** The Markdown that GitHub shows for a path. Missing files count too: VitePress then reports a dead link. */
function markdownAt(path: string): string | undefined {
  if (path.endsWith('.md')) {
    return path;
  }
  const readme = posix.join(path, 'README.md');
  return existsSync(join(ROOT, readme)) ? readme : undefined;
}
