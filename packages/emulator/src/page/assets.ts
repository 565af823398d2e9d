import { BROWSER_SCRIPT } from './browser-script.ts';
import { pageHtml } from './html.ts';
import { PAGE_CSS, PAGE_ICON } from './style.ts';

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
  return asset('text/html', String(pageHtml()));
}

export function style(): Response {
  return asset('text/css', PAGE_CSS);
}

export function icon(): Response {
  return asset('image/svg+xml', PAGE_ICON);
}

export function script(): Response {
  return asset('text/javascript', BROWSER_SCRIPT);
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
