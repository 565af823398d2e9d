import type { IncomingMessage } from 'node:http';
import { isLoopback } from './loopback.ts';

/**
 * Says why a request does not come from a program or a page on this machine; `undefined` where it does.
 *
 * Any web page can make the browser send requests to loopback. With DNS rebinding, where the page's own host name comes to
 * resolve to 127.0.0.1, it could even read the tokens; the Host header then still tells the page's name. Without, the
 * browser tells by `Origin`, or where it sends none, by `Sec-Fetch-Site`.
 *
 * @see RFC 6454 §7, and https://www.w3.org/TR/fetch-metadata/
 */
export function whyForeign({ headers }: IncomingMessage): string | undefined {
  if (!isLoopback(headers.host ?? '')) {
    return 'The fake Google serves this machine only: the Host header must be that of loopback, such as 127.0.0.1 or localhost.';
  }
  const { origin } = headers;
  const isForeignPage =
    origin === undefined ? headers['sec-fetch-site'] === 'cross-site' : !isLoopback(origin.replace(/^https?:\/\//, ''));
  return isForeignPage ? 'The fake Google does not serve web pages of other sites.' : undefined;
}
