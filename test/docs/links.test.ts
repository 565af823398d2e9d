/*
 * Every link and image in every Markdown file leads somewhere.
 */
import { describe, expect, test } from 'vitest';
import { documents } from './support/documents.ts';
import { brokenLinksOf } from './support/links.ts';

test.each(documents)('the links in $path', (document) => {
  expect(brokenLinksOf(document)).toEqual([]);
});

describe('a broken link is found, with its line:', () => {
  test.each([
    ['a file', '[x](nowhere.md)', 'nowhere.md: there is no docs/nowhere.md.'],
    ['an image', '![x](images/nowhere.png)', 'images/nowhere.png: there is no docs/images/nowhere.png.'],
    ['an image in HTML', '<img src="nowhere.png">', 'nowhere.png: there is no docs/nowhere.png.'],
    ['a file outside', '[x](../../nowhere.md)', '../../nowhere.md: there is no ../nowhere.md.'],
    ['a heading here', '[x](#nowhere)', '#nowhere: there is no heading #nowhere in docs/x.md.'],
    ['a heading elsewhere', '[x](keys.md#nowhere)', 'keys.md#nowhere: there is no heading #nowhere in docs/keys.md.'],
    ['a heading in code', '[x](../package.json#L1)', '../package.json#L1: there is no heading #L1 in package.json.'],
    [
      'from the top',
      '[x](/docs/keys.md)',
      '/docs/keys.md: on GitHub, links that begin with a slash leave the repository.',
    ],
    ['without TLS', '[x](http://example.com)', 'http://example.com: links to other hosts begin with https.'],
    ['no URL', '[x](https://)', 'https://: not a URL.'],
    ['behind a definition', '[x]\n\n[x]: nowhere.md', 'nowhere.md: there is no docs/nowhere.md.'],
    ['in a table', '| a |\n| --- |\n| [x](nowhere.md) |', 'nowhere.md: there is no docs/nowhere.md.', 5],
  ])('%s', (_what, text, problem, line = 3) => {
    expect(brokenLinksOf({ path: 'docs/x.md', text: `# Title\n\n${text}\n` })).toEqual([
      `docs/x.md:${line}: ${problem}`,
    ]);
  });
});

test('headings are linked by the rule of GitHub', () => {
  const text = `
# \`a.b()\`, and *c* – d

## Twice

## Twice

## 한국어 [link](keys.md)

<a id="written-out"></a>

[1](#ab-and-c--d) [2](#twice) [3](#twice-1) [4](#한국어-link) [5](#written-out) [6](keys.md#what-it-does) [7](../packages/core)

\`[code](nowhere.md)\`
`;

  expect(brokenLinksOf({ path: 'docs/x.md', text })).toEqual([]);
});
