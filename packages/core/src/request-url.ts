import { type AudienceRequest, type AudienceRule, explaining, isUnset } from './audience.ts';
import { asUnescaped, quote, UNESCAPED } from './hints.ts';
import { checkOptionNames, IS_IT_UNSET } from './options.ts';

/** Options of {@link requestUrl}. */
export interface RequestUrlOptions {
  /** Where the service is reached: scheme, host, and the port unless it is the default, as in `https://api.example.com`. */
  readonly origins: readonly string[];
  /**
   * Takes the host from `X-Forwarded-Host` where a request has it. Only behind a proxy that sets or drops this header:
   * elsewhere, whoever sends a request would choose which of the origins it is for.
   *
   * @default false
   */
  readonly trustForwarded?: boolean | undefined;
}

/**
 * Accepts exactly the public URL of the request at hand: the one of these origins that its host names, and path and query
 * as they were received.
 *
 * For services with several hosts or tenants whose senders take the full target URL for the audience. A token for one
 * tenant's URL does not pass at another's, nor one for another path or query. The request only chooses among the origins:
 * a host that is none of them is a mismatch. Nothing is mended: one slash more, another order of the query or another
 * spelling of an encoded character make another URL.
 *
 * It does not look at the scheme of the request, which changes where a proxy ends TLS, nor at `Forwarded` and
 * `X-Forwarded-Port`. Behind a proxy that strips a prefix from the path, the public URL cannot be known: list values.
 *
 * @throws TypeError that names a wrong option
 * @see RFC 9110 §7.1 (determining the target resource)
 */
export function requestUrl(options: RequestUrlOptions): AudienceRule {
  checkOptionNames('requestUrl()', options, ['origins', 'trustForwarded']);
  const { origins, trustForwarded = false } = options;
  const originsOf = originsByHost(origins);
  if (typeof trustForwarded !== 'boolean') {
    throw new TypeError('"trustForwarded" must be true or false.');
  }
  return explaining(
    (audience, request) => {
      const urls = urlsOf(request);
      return typeof urls !== 'string' && urls.includes(audience);
    },
    (audience, request) => {
      const urls = urlsOf(request);
      return `expected the URL of the request, ${typeof urls === 'string' ? `but ${urls}` : difference(audience, `${urls[0]}`)}`;
    },
  );

  /** What the request was sent to; or a sentence that says why that cannot be told. */
  function urlsOf(request: AudienceRequest | undefined): readonly string[] | string {
    if (request?.url === undefined) {
      return 'the verifier was not told it: use an adapter, or pass "url" to authenticate().';
    }
    const [, authority, target = authority === undefined ? undefined : '/'] = URL_PARTS.exec(request.url) ?? [];
    if (target === undefined) {
      return 'the request has none: its target is not a path.';
    }
    const forwarded = trustForwarded ? request.header('x-forwarded-host') : undefined;
    const hosts = forwarded === undefined ? [request.header('host'), authority] : [forwarded];
    const named = hosts.filter((host) => host !== undefined);
    const [listed = [], ...others] = named.map((host) => originsOf.get(lowerCase(host)) ?? []);
    const origins = listed.filter((origin) => others.every((other) => other.includes(origin)));
    if (origins.length === 0) {
      const isIgnored = !trustForwarded && request.header('x-forwarded-host') !== undefined;
      return `its host, ${named.map(quote).join(' and ') || 'which it does not name'}, is none of the "origins".${isIgnored ? ' X-Forwarded-Host counts only with "trustForwarded".' : ''}`;
    }
    return origins.flatMap((origin) => urlsAt(origin, target));
  }
}

/** A request has its target in one of these forms (RFC 9112 §3.2): path and query, or a whole URL. */
const URL_PARTS = /^(?:https?:\/\/([^/?#]*))?(\/.*)?$/is;

/** The root may be written with and without its slash (RFC 9110 §4.2.3). */
function urlsAt(origin: string, target: string): string[] {
  return /^\/(\?|$)/.test(target) ? [origin + target, origin + target.slice(1)] : [origin + target];
}

/** Names of hosts are the same in upper case (RFC 9110 §4.2.3). Of ASCII only: others have no business here. */
function lowerCase(host: string): string {
  return host.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** The origins under every name that a request may call their host by. Compared as text: nothing is parsed. */
function originsByHost(origins: unknown): ReadonlyMap<string, readonly string[]> {
  if (!Array.isArray(origins) || origins.length === 0) {
    throw new TypeError(`"origins" must be a list of origins, such as ['https://api.example.com']. ${IS_IT_UNSET}`);
  }
  const byHost = new Map<string, string[]>();
  for (const origin of new Set<unknown>(origins)) {
    const url = urlOfOrigin(origin);
    const defaultPort = url.protocol === 'https:' ? 443 : 80;
    for (const host of url.port === '' ? [url.host, `${url.host}:${defaultPort}`] : [url.host]) {
      byHost.set(host, [...(byHost.get(host) ?? []), url.origin]);
    }
  }
  return byHost;
}

function urlOfOrigin(origin: unknown): URL {
  const url = typeof origin === 'string' && URL.canParse(origin) ? new URL(origin) : undefined;
  // Another spelling than the parser's would never be found in a token.
  if (url === undefined || url.origin !== origin || !['http:', 'https:'].includes(url.protocol) || isUnset(origin)) {
    throw new TypeError(
      `"origins" must be scheme and host in lower case, and a port that is not the default, such as https://api.example.com: no path, no slash at the end. ${IS_IT_UNSET}`,
    );
  }
  if (origin.includes('*')) {
    throw new TypeError('"origins" has no wildcards: list each origin.');
  }
  return url;
}

const PARTS_THAT_DIFFER = /^(https?):\/\/([^/?#]*)([^?#]*)([^#]*)/i;

/** How an audience differs from the URL of the request, of which only the origin is told: the rest may hold secrets. */
function difference(audience: string, url: string): string {
  const [, scheme, host, path, query] = PARTS_THAT_DIFFER.exec(audience) ?? [];
  const [, ownScheme, ownHost, ownPath, ownQuery] = PARTS_THAT_DIFFER.exec(url) ?? [];
  const at = `which came to ${ownScheme}://${ownHost}: `;
  if (audience === asUnescaped(url)) {
    return `${at}${UNESCAPED}`;
  }
  if (host === undefined) {
    return `${at}"aud" is not such a URL.`;
  }
  if (host !== ownHost) {
    return `${at}the host or port differs.`;
  }
  if (scheme !== ownScheme) {
    return `${at}the scheme differs (http or https).`;
  }
  if (path !== ownPath) {
    const isSlash = `${path}/` === ownPath || path === `${ownPath}/`;
    return `${at}the path differs${isSlash ? ' by a trailing slash' : ''}.`;
  }
  return query === ownQuery ? `${at}"aud" has a fragment, which nobody sends.` : `${at}the query differs.`;
}
