import { IDENTITY_HEADERS } from '../identity-headers.ts';
import type { Layout } from './front-server.ts';

/** @see https://caddyserver.com/docs/caddyfile/directives/forward_auth */
export function caddy({ guardHost, guardPort, upstream, listenHost, listenPort }: Layout): string {
  return `
# For a Caddyfile. With a domain in place of the address, Caddy gets the certificate itself.
:${listenPort} {
${listenHost === '' ? '' : `\tbind ${listenHost.replace(/^\[(.*)\]$/, '$1')}\n`}	# In this order: outside of a route, Caddy would take these headers away after the guard has set them.
	route {
${IDENTITY_HEADERS.map((name) => `		request_header -${name}`).join('\n')}
		forward_auth ${guardHost}:${guardPort} {
			uri /auth
			copy_headers ${IDENTITY_HEADERS.join(' ')}
		}
		reverse_proxy ${upstream.origin}
	}
}
`;
}
