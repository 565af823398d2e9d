import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { pageHtml } from './html.ts';
import { PAGE_CSS, PAGE_ICON } from './style.ts';

/** Of the modules in `browser/`: `.js` as they are built, `.ts` as they are in the workspace. */
const EXTENSION = extname(import.meta.url);

/**
 * Nothing but what this server serves as a file of its own, nothing inline, no frames, and no text that becomes HTML:
 * the page shows what people type and what tokens say.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** The page itself. */
export function page(): Response {
  return asset('text/html', pageHtml(`/page/browser/main${EXTENSION}`));
}

export function style(): Response {
  return asset('text/css', PAGE_CSS);
}

export function icon(): Response {
  return asset('image/svg+xml', PAGE_ICON);
}

/** A module of the page. There is no copy step: the compiler builds the modules like all others, beside this one. */
export async function browserModule(file: string): Promise<Response> {
  const isModule = /^[a-z]+(-[a-z]+)*\.[jt]s$/.test(file) && extname(file) === EXTENSION;
  const text = isModule ? await readFile(new URL(`browser/${file}`, import.meta.url), 'utf8').catch(() => '') : '';
  return text === '' ? new Response('Not Found', { status: 404 }) : asset('text/javascript', await asJavaScript(text));
}

async function asJavaScript(text: string): Promise<string> {
  if (EXTENSION === '.js') {
    return text;
  }
  // Not in every Node.js that runs what is built.
  const { stripTypeScriptTypes } = await import('node:module');
  return stripTypeScriptTypes(text);
}

function asset(type: string, body: string): Response {
  return new Response(body, {
    headers: {
      'content-type': `${type}; charset=utf-8`,
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    },
  });
}
