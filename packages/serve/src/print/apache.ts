import type { Layout } from './front-server.ts';

/** Apache cannot ask without modules of others: the guard is a proxy between it and the app. */
export function apache({ guardHost, guardPort, upstream, listenHost, listenPort }: Layout): string {
  const listen = listenHost === '' ? `${listenPort}` : `${listenHost}:${listenPort}`;
  return `
# For a file in /etc/apache2/sites-enabled, after "a2enmod proxy_http headers". The guard stands between Apache and the app:
#   id-token-guard serve --upstream ${upstream.origin} …
Listen ${listen}
<VirtualHost ${listenHost === '' ? '*' : listenHost}:${listenPort}>
    # Path and host reach the app as they came.
    AllowEncodedSlashes NoDecode
    ProxyPreserveHost On
    ProxyPass "/" "http://${guardHost}:${guardPort}/" nocanon
    RequestHeader set X-Forwarded-Proto expr=%{REQUEST_SCHEME}
</VirtualHost>
`;
}
