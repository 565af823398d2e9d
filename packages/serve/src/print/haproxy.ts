import { DEFAULT_MANAGEMENT_PORT } from '../ports.ts';
import type { Layout } from './front-server.ts';

/** HAProxy cannot ask without Lua: the guard is a proxy between it and the app. */
export function haproxy({ guardHost, guardPort, managementPort, upstream, listenHost, listenPort }: Layout): string {
  return `
# For /etc/haproxy/haproxy.cfg. The guard stands between HAProxy and the app:
#   id-token-guard serve --upstream ${upstream.origin} …
defaults
    mode http
    timeout connect 2s
    timeout client 60s
    timeout server 60s
    timeout http-request 10s

frontend front
    bind ${listenHost === '' ? '*' : listenHost}:${listenPort}
    option forwardfor
    http-request set-header X-Forwarded-Host %[req.hdr(Host)]
    http-request set-header X-Forwarded-Proto https if { ssl_fc }
    http-request set-header X-Forwarded-Proto http unless { ssl_fc }
    default_backend id_token_guard

backend id_token_guard
    option httpchk GET /healthz
    server guard ${guardHost}:${guardPort} check port ${managementPort ?? DEFAULT_MANAGEMENT_PORT}
`;
}
