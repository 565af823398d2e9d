/** What a printed configuration is made of. */
export interface PrintOptions {
  /** Where the guard listens. @default 8586 */
  readonly port?: number | undefined;
  /** Where `/healthz` and `/readyz` are, if not at `port`. @default 8587 for servers behind which the guard is a proxy */
  readonly managementPort?: number | undefined;
  /** The app. @default 'http://127.0.0.1:8000' */
  readonly upstream?: string | undefined;
  /** Where the server in front listens: a port, or an address and a port. @default '8080' */
  readonly listen?: string | undefined;
  /** What `serve` is called with, for what starts it: each an argument. */
  readonly args?: readonly string[] | undefined;
}

/** The options with their defaults, taken apart. */
export interface Layout {
  readonly guardHost: string;
  readonly guardPort: number;
  readonly managementPort: number | undefined;
  readonly upstream: URL;
  readonly listenHost: string;
  readonly listenPort: number;
  readonly args: readonly string[];
}

export function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}

/** Where a guard that is started by something else finds what it is told. */
export const DEFAULT_CONFIG_FILE = '/etc/id-token-guard.json';
