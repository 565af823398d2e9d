/*
 * The site: the Markdown files of the repository as they are, with a search that runs in the browser.
 */
import { slug } from 'github-slugger';
import { defineConfig } from 'vitepress';
import { linksToPages, REPOSITORY_URL } from './links.ts';
import { drawDiagrams } from './mermaid.ts';
import { NOT_PAGES, pageOf } from './pages.ts';
import { nav, sidebar } from './sidebar.ts';

const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#3451b2" d="M16 2 4 7v9c0 7 5 12 12 14 7-2 12-7 12-14V7z"/><path fill="none" stroke="#fff" stroke-width="3" d="m10 16 4 4 8-8"/></svg>';

export default defineConfig({
  title: 'id-token-guard',
  description: 'Accept Google-signed OpenID Connect ID tokens outside Google Cloud.',
  head: [['link', { rel: 'icon', href: `data:image/svg+xml,${encodeURIComponent(ICON)}` }]],
  // Where the site is not at the top of its host, such as `/id-token-guard/` on GitHub Pages.
  base: process.env['DOCS_BASE'] ?? '/',
  srcDir: '..',
  srcExclude: NOT_PAGES,
  rewrites: pageOf,
  cleanUrls: true,
  markdown: {
    // Links to headings are written for GitHub, so headings must get the same ids here.
    anchor: { slugify: (text) => slug(text) },
    config: (md) => md.use(linksToPages).use(drawDiagrams),
  },
  themeConfig: {
    nav,
    sidebar,
    outline: [2, 3],
    search: { provider: 'local' },
    socialLinks: REPOSITORY_URL === undefined ? [] : [{ icon: 'github', link: REPOSITORY_URL }],
    externalLinkIcon: true,
  },
});
