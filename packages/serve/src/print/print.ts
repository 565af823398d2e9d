import { checkConfig } from '../check-config.ts';
import { ConfigError } from '../config.ts';
import { DEFAULT_PORT } from '../ports.ts';
import { apache } from './apache.ts';
import { caddy } from './caddy.ts';
import { dockerfile } from './dockerfile.ts';
import { envoy } from './envoy.ts';
import type { Layout, PrintOptions } from './front-server.ts';
import { haproxy } from './haproxy.ts';
import { nginx } from './nginx.ts';
import { systemd } from './systemd.ts';
import { traefik } from './traefik.ts';

/** What `printConfiguration` has a configuration for. */
export type FrontServer = 'nginx' | 'caddy' | 'traefik' | 'envoy' | 'haproxy' | 'apache' | 'systemd' | 'dockerfile';

const PRINTERS: Readonly<Record<FrontServer, (layout: Layout) => string>> = {
  nginx,
  caddy,
  traefik,
  envoy,
  haproxy,
  apache,
  systemd,
  dockerfile,
};

/** What `printConfiguration` has a configuration for. */
export const FRONT_SERVERS: readonly FrontServer[] = Object.keys(PRINTERS) as FrontServer[];

/**
 * A complete configuration of a server that asks the guard, or has it as a proxy behind itself; or of what starts the
 * guard. The guard is on the same machine, and the app is where `upstream` says.
 *
 * It does not configure TLS: add the certificate as ever.
 *
 * @throws ConfigError
 */
export function printConfiguration(server: FrontServer, options: PrintOptions = {}): string {
  const { port, managementPort, upstream = 'http://127.0.0.1:8000', listen = '8080', args = [] } = options;
  checkConfig({
    ...(port !== undefined && { port }),
    ...(managementPort !== undefined && { managementPort }),
    upstream,
  });
  const layout: Layout = {
    guardHost: '127.0.0.1',
    guardPort: port ?? DEFAULT_PORT,
    managementPort,
    upstream: new URL(upstream),
    ...listenOf(listen),
    args,
  };
  return `${PRINTERS[server](layout).trim()}\n`;
}

function listenOf(listen: string): Pick<Layout, 'listenHost' | 'listenPort'> {
  const [, listenHost = '', port = ''] = /^(?:([\d.]+|\[[0-9a-f:.]+\]):)?(\d{1,5})$/i.exec(listen) ?? [];
  const listenPort = Number(port);
  if (!(listenPort >= 1 && listenPort <= 65_535)) {
    throw new ConfigError(
      'listen',
      '"listen" must be a port, or an address and a port, such as 8080 or 127.0.0.1:8080.',
    );
  }
  return { listenHost, listenPort };
}
