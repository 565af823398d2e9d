import { isLoopback } from '../safety/loopback.ts';

/** Where a request goes on to, and in whose name. */
export interface ForwardOptions {
  /** An `http:` URL on loopback. The path and query of a request come behind it. */
  readonly target: string;
  /** The e-mail of the service account that sends. */
  readonly sender: string;
  /** @default the full URL that the request goes on to, which is what Google's senders take */
  readonly audience?: string;
}

/** What the path of a request to the forwarder says. */
export interface Forwarding {
  /** With port. */
  readonly host: string;
  /** With query, byte for byte as it came. */
  readonly path: string;
  readonly sender: string;
  readonly audience: string;
}

/** In place of an audience: that of Google's senders, the URL. */
const TARGET_URL = '-';

/**
 * `/forward/{sender}/{audience}/{host}/…`: everything is in the path, so that a base URL is all that a client needs.
 *
 * @throws TypeError where the target is not on loopback
 */
export function forwardPath({ target, sender, audience = TARGET_URL }: ForwardOptions): string {
  const { protocol, host, pathname, search, hash, username, password } = new URL(target);
  if (protocol !== 'http:' || !isLoopback(host) || `${search}${hash}${username}${password}` !== '') {
    throw new TypeError(
      '"target" must be an http: URL on loopback, without query: whoever reaches this Google can make tokens, so it serves its own machine only. In containers, let them share a network: network_mode: "service:…".',
    );
  }
  return `/forward/${encodeURIComponent(sender)}/${encodeURIComponent(audience)}/${host}${pathname.replace(/\/$/, '')}`;
}

/** Reads the path of a request; a sentence where it cannot be. */
export function readForwardPath(requestPath: string): Forwarding | string {
  const [, sender, audience, host, rest = ''] = /^\/forward\/([^/?]+)\/([^/?]+)\/([^/?]+)(.*)$/.exec(requestPath) ?? [];
  if (sender === undefined || audience === undefined || host === undefined) {
    return 'The path must be /forward/{sender}/{audience}/{host:port}/…, percent-encoded; "-" as audience stands for the URL that the request goes on to.';
  }
  if (!isLoopback(host) || !URL.canParse(`http://${host}`)) {
    return 'Requests are forwarded to this machine only: the host must be that of loopback, such as 127.0.0.1:3000.';
  }
  const path = rest.startsWith('/') ? rest : `/${rest}`;
  try {
    return {
      host,
      path,
      sender: decodeURIComponent(sender),
      audience: audience === TARGET_URL ? `http://${host}${path}` : decodeURIComponent(audience),
    };
  } catch {
    return 'Sender and audience must be percent-encoded UTF-8.';
  }
}
