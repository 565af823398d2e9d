import { IDENTITY_HEADERS } from '../identity-headers.ts';
import type { Layout } from './front-server.ts';

/** @see https://doc.traefik.io/traefik/middlewares/http/forwardauth/ */
export function traefik({ guardHost, guardPort, upstream, listenHost, listenPort }: Layout): string {
  return `
# For a file of Traefik's file provider (providers.file.filename). The entry point belongs into the static configuration:
#   entryPoints:
#     web:
#       address: "${listenHost}:${listenPort}"
http:
  routers:
    app:
      entryPoints:
        - web
      rule: PathPrefix(\`/\`)
      middlewares:
        - without-identity
        - id-token-guard
      service: app

  middlewares:
    # What a client sends under these names is dropped.
    without-identity:
      headers:
        customRequestHeaders:
${IDENTITY_HEADERS.map((name) => `          ${name}: ""`).join('\n')}
    id-token-guard:
      forwardAuth:
        address: http://${guardHost}:${guardPort}/auth
        trustForwardHeader: false
        authResponseHeaders:
${IDENTITY_HEADERS.map((name) => `          - ${name}`).join('\n')}

  services:
    app:
      loadBalancer:
        servers:
          - url: ${upstream.origin}
`;
}
