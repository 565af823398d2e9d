/*
 * Links lead somewhere: to a file, to a heading in it, or to the web.
 */
import { existsSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { ROOT } from '../../packages/support/workspace.ts';
import { type Document, documents, type Problem } from './documents.ts';
import { anchorsOf, type Link, linksOf } from './markdown.ts';

export function brokenLinksOf(document: Document): Problem[] {
  return linksOf(document).flatMap((link) => {
    const fault = link.target.includes(':') ? faultOfUrl(link.target) : faultOfPath(link, document);
    return fault === undefined ? [] : [`${link.document}:${link.line}: ${link.target}: ${fault}` as const];
  });
}

/** Only the form: a test that asks other hosts fails when they are down. */
function faultOfUrl(target: string): string | undefined {
  if (!URL.canParse(target)) {
    return 'not a URL.';
  }
  const { protocol, hostname } = new URL(target);
  const isHere = protocol === 'http:' && ['127.0.0.1', 'localhost'].includes(hostname);
  return protocol === 'https:' || isHere ? undefined : 'links to other hosts begin with https.';
}

function faultOfPath({ target }: Link, document: Document): string | undefined {
  const [path = '', anchor] = decodeURI(target).split('#');
  if (path.startsWith('/')) {
    return 'on GitHub, links that begin with a slash leave the repository.';
  }
  const file = path === '' ? document.path : posix.join(posix.dirname(document.path), path);
  if (file.startsWith('..') || (path !== '' && !existsSync(posix.join(ROOT, file)))) {
    return `there is no ${file}.`;
  }
  if (anchor === undefined) {
    return undefined;
  }
  const page = file === document.path ? document : pageAt(file);
  return page !== undefined && knownAnchorsOf(page).has(anchor)
    ? undefined
    : `there is no heading #${anchor} in ${file}.`;
}

/** The document that GitHub shows for a path: that of a folder is its README. */
function pageAt(file: string): Document | undefined {
  const isFolder = statSync(posix.join(ROOT, file)).isDirectory();
  const path = isFolder ? posix.join(file, 'README.md') : file;
  return documents.find((document) => document.path === path);
}

const known = new WeakMap<Document, ReadonlySet<string>>();

/** Found once per document: most links of a long page lead to itself. */
function knownAnchorsOf(page: Document): ReadonlySet<string> {
  const anchors = known.get(page) ?? anchorsOf(page);
  known.set(page, anchors);
  return anchors;
}
