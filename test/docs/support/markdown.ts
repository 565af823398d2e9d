/*
 * What is in a Markdown file, with the lines where it stands.
 */
import GithubSlugger from 'github-slugger';
import MarkdownIt from 'markdown-it';
import type { Document } from './documents.ts';

export interface CodeBlock {
  readonly document: string;
  /** That of the first line of code. */
  readonly line: number;
  /** The first word behind the fence, such as `ts`; empty where there is none. */
  readonly language: string;
  /** The other words, such as `run`. A title for tabs, `[app.ts]`, is none. */
  readonly words: readonly string[];
  readonly text: string;
}

export interface Link {
  readonly document: string;
  /** That of the paragraph, item or row in which it is. */
  readonly line: number;
  readonly target: string;
}

const parser = new MarkdownIt({ html: true });

export function codeBlocksOf({ path, text }: Document): CodeBlock[] {
  return parser
    .parse(text, {})
    .filter(({ type }) => type === 'fence')
    .map(({ info, content, map }) => {
      const [language = '', ...words] = info.replace(/\[[^\]]*\]/, '').split(/\s+/);
      return { document: path, line: (map?.[0] ?? 0) + 2, language, words: words.filter(Boolean), text: content };
    });
}

/** Links and images, those of HTML included. */
export function linksOf({ path, text }: Document): Link[] {
  return tokensOf(text).flatMap(({ token, line }) =>
    [token.attrGet('href'), token.attrGet('src'), ...attributesOf(token, 'href|src')]
      .filter((target) => typeof target === 'string')
      .map((target) => ({ document: path, line, target })),
  );
}

/** What a link to the document can have behind `#`: headings by GitHub's rule, and ids that are written out. */
export function anchorsOf({ text }: Document): ReadonlySet<string> {
  const slugger = new GithubSlugger();
  const tokens = parser.parse(text, {});
  const headings = tokens
    .filter((_token, index) => tokens[index - 1]?.type === 'heading_open')
    .map(({ children }) => slugger.slug((children ?? []).map(({ content }) => content).join('')));
  const ids = tokensOf(text).flatMap(({ token }) => attributesOf(token, 'id|name'));
  return new Set([...headings, ...ids]);
}

type Token = ReturnType<typeof parser.parse>[number];

/** All tokens, those within lines too. Lines of table cells are those of their row. */
function tokensOf(text: string): { token: Token; line: number }[] {
  let line = 1;
  return parser.parse(text, {}).flatMap((token) => {
    line = token.map === null ? line : token.map[0] + 1;
    const place = line;
    return [token, ...(token.children ?? [])].map((each) => ({ token: each, line: place }));
  });
}

function attributesOf({ type, content }: Token, names: string): string[] {
  const isHtml = type === 'html_block' || type === 'html_inline';
  return isHtml
    ? Array.from(content.matchAll(new RegExp(`\\s(?:${names})="([^"]*)"`, 'g')), ([, value = '']) => value)
    : [];
}
