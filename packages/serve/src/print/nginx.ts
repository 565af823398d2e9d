import { IDENTITY_HEADERS } from '../identity-headers.ts';
import type { Layout } from './front-server.ts';

/** @see https://nginx.org/en/docs/http/ngx_http_auth_request_module.html */
export function nginx({ guardHost, guardPort, upstream, listenHost, listenPort }: Layout): string {
  const guard = `id_token_guard_${guardPort}`;
  const listen = listenHost === '' ? `${listenPort}` : `${listenHost}:${listenPort}`;
  const variables = IDENTITY_HEADERS.map((name) => ({ name, variable: name.toLowerCase().replaceAll('-', '_') }));
  return `
# For a file in /etc/nginx/conf.d or sites-enabled. It works as it is with "id-token-guard serve", whatever its --dialect.
upstream ${guard} {
    server ${guardHost}:${guardPort};
    keepalive 32;
}

server {
    listen ${listen};
    # The app says how much it takes: no body is read before the guard has said yes. A limit holds for its question, too.
    client_max_body_size 0;

    location / {
        auth_request /.id-token-guard;
        auth_request_set $guard_status $upstream_http_x_id_token_guard_status;
        auth_request_set $guard_body $upstream_http_x_id_token_guard_body;
        auth_request_set $guard_challenge $upstream_http_x_id_token_guard_challenge;
        auth_request_set $guard_retry_after $upstream_http_x_id_token_guard_retry_after;
${variables.map(({ variable }) => `        auth_request_set $guard_${variable} $upstream_http_${variable};`).join('\n')}
        # 403: the guard has refused; 401 and 500: it has not answered as it should.
        error_page 401 403 500 = @id_token_guard_refusal;

        proxy_pass ${upstream.origin};
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Host $http_host;
        proxy_set_header X-Forwarded-Proto $scheme;
        # In place of whatever the client sends under these names; empty ones are left out.
${variables.map(({ name, variable }) => `        proxy_set_header ${name} $guard_${variable};`).join('\n')}
    }

    location = /.id-token-guard {
        internal;
        proxy_pass http://${guard}/nginx-auth;
        proxy_pass_request_body off;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Content-Length "";
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-Host $http_host;
        proxy_set_header X-Forwarded-Method $request_method;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_set_header X-Forwarded-Uri $request_uri;
${variables.map(({ name }) => `        proxy_set_header ${name} "";`).join('\n')}
        proxy_connect_timeout 2s;
        proxy_read_timeout 10s;
    }

    location @id_token_guard_refusal {
        default_type application/json;
        add_header WWW-Authenticate $guard_challenge always;
        add_header Retry-After $guard_retry_after always;
        add_header Cache-Control no-store always;
        if ($guard_status = 400) {
            return 400 $guard_body;
        }
        if ($guard_status = 401) {
            return 401 $guard_body;
        }
        if ($guard_status = 403) {
            return 403 $guard_body;
        }
        if ($guard_status = 503) {
            return 503 $guard_body;
        }
        return 503 '{"error":"guard_unavailable","error_description":"The guard does not answer.","code":"guard_unavailable"}';
    }
}
`;
}
