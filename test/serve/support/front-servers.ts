/*
 * The servers in front, each with the configuration that `serve --print` prints and what it needs around it to run as an
 * ordinary program: a folder of its own, no daemon.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FrontServer, printConfiguration } from '@id-token-guard/serve';
import { freePort, isInstalled, listening, type Running, start, temporaryDirectory } from './processes.ts';

export interface FrontServerKind {
  readonly name: FrontServer & ('nginx' | 'caddy' | 'haproxy' | 'apache');
  readonly isInstalled: boolean;
  /** It asks; otherwise the guard is a proxy behind it. */
  readonly asks: boolean;
  readonly launch: (configuration: string, directory: string) => Running;
}

export const frontServers: readonly FrontServerKind[] = [
  { name: 'nginx', isInstalled: isInstalled('nginx'), asks: true, launch: launchNginx },
  { name: 'caddy', isInstalled: isInstalled('caddy'), asks: true, launch: launchCaddy },
  { name: 'haproxy', isInstalled: isInstalled('haproxy'), asks: false, launch: launchHaproxy },
  { name: 'apache', isInstalled: isInstalled('apache2'), asks: false, launch: launchApache },
];

export interface Front extends Running {
  readonly port: number;
}

export interface Layout {
  readonly port: number;
  readonly managementPort: number;
  readonly upstream: string;
}

/** Starts a server with its printed configuration, changed by `edit` where a test is about that. */
export async function startFront(
  { name, launch }: FrontServerKind,
  layout: Layout,
  edit: (configuration: string) => string = (same) => same,
): Promise<Front> {
  const port = await freePort();
  const front = launch(
    edit(printConfiguration(name, { ...layout, listen: `127.0.0.1:${port}` })),
    temporaryDirectory(),
  );
  await listening(front, port);
  return Object.assign(front, { port });
}

export function launchNginx(configuration: string, directory: string): Running {
  return start('nginx', [
    '-p',
    directory,
    '-c',
    fileWith(directory, 'nginx.conf', nginxAround(configuration, directory)),
  ]);
}

/** All that is not in the block that goes into `conf.d`. */
export function nginxAround(configuration: string, directory: string): string {
  return `
daemon off;
worker_processes 1;
user root;
pid ${directory}/nginx.pid;
error_log stderr notice;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path ${directory}/body;
  proxy_temp_path ${directory}/proxy;
  fastcgi_temp_path ${directory}/fastcgi;
  uwsgi_temp_path ${directory}/uwsgi;
  scgi_temp_path ${directory}/scgi;
${configuration}
}
`;
}

function launchCaddy(configuration: string, directory: string): Running {
  const file = fileWith(directory, 'Caddyfile', `{\n\tadmin off\n}\n${configuration}`);
  return start('caddy', ['run', '--adapter', 'caddyfile', '--config', file], { HOME: directory });
}

function launchHaproxy(configuration: string, directory: string): Running {
  return start('haproxy', ['-db', '-f', fileWith(directory, 'haproxy.cfg', configuration)]);
}

/** What is there in Debian, and what `a2enmod proxy_http headers` adds. */
export const APACHE_MODULES: readonly string[] = ['mpm_event', 'authz_core', 'headers', 'proxy', 'proxy_http'];

function launchApache(configuration: string, directory: string): Running {
  const file = fileWith(directory, 'apache.conf', apacheAround(configuration, directory, APACHE_MODULES));
  return start('apache2', ['-DFOREGROUND', '-f', file]);
}

/** All that is not in the site. */
export function apacheAround(configuration: string, directory: string, modules: readonly string[]): string {
  return `
${modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
ServerName localhost
User www-data
Group www-data
ServerRoot ${directory}
PidFile ${directory}/apache.pid
DefaultRuntimeDir ${directory}
Mutex file:${directory}
ErrorLog ${directory}/error.log
${configuration}
`;
}

function fileWith(directory: string, name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}
