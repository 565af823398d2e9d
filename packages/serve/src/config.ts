import type { TokenHeader } from '@id-token-guard/core';

/** What `serve` is told, by flags or by a file: the members of the file, which has a JSON Schema. */
export interface GuardConfig {
  /** Where it listens; 0: any free port. @default 8586 */
  readonly port?: number | undefined;
  /** The address that it listens on. @default '127.0.0.1' */
  readonly host?: string | undefined;
  /** Where `/healthz`, `/readyz` and `/metrics` are. @default `port`, or 8587 with `upstream`, whose paths are all the app's */
  readonly managementPort?: number | undefined;
  /** Accepted values of `aud`. */
  readonly audience?: string | readonly string[] | undefined;
  /** Accept every audience that is a URL at or below one of these. */
  readonly urlsUnder?: string | readonly string[] | undefined;
  /**
   * Accept the URL that the request was sent to, at these public origins of the app. A guard that is asked takes path and
   * host from `X-Forwarded-Uri` and `X-Forwarded-Host`, which the server in front must set; as a proxy it takes its own.
   */
  readonly requestUrl?: string | readonly string[] | undefined;
  /** Service accounts that may call, by e-mail or unique id. */
  readonly serviceAccount?: string | readonly string[] | undefined;
  /** People who may call, by e-mail. */
  readonly user?: string | readonly string[] | undefined;
  /** Domains of Google Workspace or Cloud, all of whose people may call. */
  readonly workspaceDomain?: string | readonly string[] | undefined;
  /** Accounts that may call, by unique id (`sub`). */
  readonly subject?: string | readonly string[] | undefined;
  /** Everybody with a Google account may call: the app must look at the caller itself. */
  readonly anyCaller?: boolean | undefined;
  /** The one header that carries the token. @default 'authorization' */
  readonly header?: TokenHeader | undefined;
  /** Where the keys are, if not at Google. */
  readonly keysUrl?: string | undefined;
  /** A Redis through which several guards share one fetch of the keys. Whoever can write to it can make tokens pass. */
  readonly redis?: string | undefined;
  /** Serve `/metrics`. @default false */
  readonly metrics?: boolean | undefined;
  /** @default 'json' */
  readonly log?: LogFormat | undefined;
  /** How refusals are told to the server that asks. @default 'standard' */
  readonly dialect?: Dialect | undefined;
  /** The app, to be a proxy in front of it: an http or https URL without a path. */
  readonly upstream?: string | undefined;
}

/** `json`: a line of JSON for each event; `text`: a line for people. */
export type LogFormat = 'json' | 'text' | 'none';

/**
 * `standard`: the refusal as the client should see it. `nginx`: 403 always, with the refusal in headers, since nginx makes
 * 500 of all that is neither 2xx, 401 nor 403.
 */
export type Dialect = 'standard' | 'nginx';

/** A configuration is wrong. The message is a sentence that begins with the member at fault, in quotes. */
export class ConfigError extends Error {
  override readonly name: string = 'ConfigError';
  /** The member at fault, such as `serviceAccount`; `undefined` where it is the file as a whole. */
  readonly member: string | undefined;

  /** Made by this package. */
  constructor(member: string | undefined, message: string) {
    super(message);
    this.member = member;
  }
}

/** @param what such as `must be a number.` */
export function wrong(member: string, what: string): ConfigError {
  return new ConfigError(member, `"${member}" ${what}`);
}

/** A value that may be one or several. */
export function listOf(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}

/** Makes what core finds wrong with a value, a TypeError, the error of a member. */
export function inMember<T>(member: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof TypeError)) {
      throw error;
    }
    const { message } = error;
    throw new ConfigError(member, message.startsWith(`"${member}"`) ? message : `"${member}": ${message}`);
  }
}
