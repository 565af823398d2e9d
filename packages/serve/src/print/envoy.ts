import { IDENTITY_HEADERS } from '../identity-headers.ts';
import { type Layout, portOf } from './front-server.ts';

/** What of a refusal the client sees; Envoy adds the status and the body. */
const REFUSAL_HEADERS = ['cache-control', 'content-type', 'retry-after', 'www-authenticate'];

/** @see https://www.envoyproxy.io/docs/envoy/latest/api-v3/extensions/filters/http/ext_authz/v3/ext_authz.proto */
export function envoy({ guardHost, guardPort, upstream, listenHost, listenPort }: Layout): string {
  const names = IDENTITY_HEADERS.map((name) => name.toLowerCase());
  const address = listenHost === '' ? '0.0.0.0' : listenHost.replace(/^\[(.*)\]$/, '$1');
  const tls = `
      transport_socket:
        name: envoy.transport_sockets.tls
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
          sni: ${upstream.hostname}`;
  return `
static_resources:
  listeners:
    - name: front
      address:
        socket_address: { address: "${address}", port_value: ${listenPort} }
      filter_chains:
        - filters:
            - name: envoy.filters.network.http_connection_manager
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                stat_prefix: front
                # Some apps make one name of X_Google_Audience and X-Google-Audience.
                common_http_protocol_options:
                  headers_with_underscores_action: DROP_HEADER
                # What a client sends under these names is dropped before the guard is asked.
                early_header_mutation_extensions:
                  - name: envoy.http.early_header_mutation.header_mutation
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation
                      mutations:
${names.map((name) => `                        - remove: ${name}`).join('\n')}
                # Envoy takes a 503 of the guard for no answer, and drops the rest of it.
                local_reply_config:
                  mappers:
                    - filter:
                        and_filter:
                          filters:
                            - response_flag_filter: { flags: [UAEX] }
                            - status_code_filter:
                                comparison: { op: EQ, value: { default_value: 503, runtime_key: id_token_guard_503 } }
                      headers_to_add:
                        - header: { key: Retry-After, value: "1" }
                        - header: { key: Cache-Control, value: no-store }
                      body_format_override:
                        json_format:
                          error: guard_unavailable
                          error_description: The guard has no keys or does not answer. Try again later.
                          code: guard_unavailable
                http_filters:
                  - name: envoy.filters.http.ext_authz
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz
                      failure_mode_allow: false
                      status_on_error: { code: ServiceUnavailable }
                      allowed_headers:
                        patterns:
                          - { exact: authorization }
                          - { exact: x-serverless-authorization }
                      http_service:
                        server_uri:
                          uri: http://${guardHost}:${guardPort}
                          cluster: id-token-guard
                          timeout: 10s
                        # What the client asked for comes behind it. Never leave it out: other paths have other purposes.
                        path_prefix: /auth
                        authorization_response:
                          allowed_upstream_headers:
                            patterns:
${names.map((name) => `                              - { exact: ${name} }`).join('\n')}
                          allowed_client_headers:
                            patterns:
${REFUSAL_HEADERS.map((name) => `                              - { exact: ${name} }`).join('\n')}
                  - name: envoy.filters.http.router
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
                route_config:
                  name: front
                  virtual_hosts:
                    - name: app
                      domains: ["*"]
                      routes:
                        - match: { prefix: / }
                          route: { cluster: app, timeout: 0s }
  clusters:
    - name: id-token-guard
      type: STATIC
      connect_timeout: 2s
      load_assignment:
        cluster_name: id-token-guard
        endpoints:
          - lb_endpoints:
              - endpoint:
                  address:
                    socket_address: { address: ${guardHost}, port_value: ${guardPort} }
    - name: app
      type: STRICT_DNS
      connect_timeout: 10s
      load_assignment:
        cluster_name: app
        endpoints:
          - lb_endpoints:
              - endpoint:
                  address:
                    socket_address: { address: "${upstream.hostname}", port_value: ${portOf(upstream)} }${upstream.protocol === 'https:' ? tls : ''}
`;
}
