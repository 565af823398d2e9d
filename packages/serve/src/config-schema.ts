/*
 * The JSON Schema of the file that --config names. `errorMessage` is what editors, and we, say of a wrong value.
 * config.schema.json in the package is the same as a file.
 */

const PORT = { type: 'integer', minimum: 0, maximum: 65_535, errorMessage: 'must be a whole number from 0 to 65535.' };

function list(what: string): object {
  const text = { type: 'string', minLength: 1 };
  return {
    anyOf: [text, { type: 'array', items: text, minItems: 1, uniqueItems: true }],
    errorMessage: `must be ${what}, or a list of them, each once.`,
  };
}

/** The names of `log`, `dialect` and the like. */
function oneOf(...names: string[]): object {
  return { enum: names, errorMessage: `must be ${names.map((name) => `"${name}"`).join(' or ')}.` };
}

const FLAG = { type: 'boolean', errorMessage: 'must be true or false.' };

/** The JSON Schema of the configuration file. */
export const CONFIG_SCHEMA: ConfigSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Configuration of id-token-guard serve',
  type: 'object',
  additionalProperties: false,
  properties: {
    $schema: { type: 'string', errorMessage: 'must be the address of the schema.' },
    port: { description: 'Where the guard listens; 0: any free port. Default: 8586.', ...PORT },
    host: {
      description: 'The address that it listens on. Default: 127.0.0.1.',
      type: 'string',
      pattern: '^[0-9A-Za-z.:-]+$',
      errorMessage: 'must be an address or a host name, such as "127.0.0.1" or "::1".',
    },
    managementPort: {
      description: 'Where /healthz, /readyz and /metrics are. Default: the port; with an upstream 8587.',
      ...PORT,
    },
    audience: { description: 'Accepted values of "aud".', ...list('an audience') },
    urlsUnder: {
      description: 'Accept every audience that is a URL at or below one of these.',
      ...list('a URL such as "https://api.example.com/push"'),
    },
    requestUrl: {
      description: 'Accept the URL that the request was sent to, at these public origins of the app.',
      ...list('an origin such as "https://api.example.com"'),
    },
    serviceAccount: {
      description: 'Service accounts that may call, by e-mail or unique id.',
      ...list('the e-mail or unique id of a service account'),
    },
    user: { description: 'People who may call, by e-mail.', ...list('the e-mail of a person') },
    workspaceDomain: {
      description: 'Domains of Google Workspace or Cloud, all of whose people may call.',
      ...list('a domain such as "example.com"'),
    },
    subject: { description: 'Accounts that may call, by unique id ("sub").', ...list('a unique id (digits)') },
    anyCaller: {
      description: 'Everybody with a Google account may call: the app must look at the caller itself.',
      ...FLAG,
    },
    header: {
      description: 'The one header that carries the token. Default: authorization.',
      ...oneOf('authorization', 'x-serverless-authorization'),
    },
    keysUrl: {
      description: 'Where the keys are, if not at Google: https, or http on loopback.',
      type: 'string',
      pattern: '^https?://',
      errorMessage: 'must be an https URL, or http on loopback.',
    },
    redis: {
      description: 'A Redis through which several guards share one fetch of the keys.',
      type: 'string',
      pattern: '^(rediss?://[^/?#]|unix:///)',
      errorMessage: 'must be a URL such as "redis://127.0.0.1:6379" or "unix:///run/redis.sock".',
    },
    metrics: { description: 'Serve /metrics. Default: false.', ...FLAG },
    log: {
      description: 'What is written to standard output. Default: json; text in a terminal.',
      ...oneOf('json', 'text', 'none'),
    },
    dialect: {
      description: 'How refusals are told to the server that asks at /auth. Default: standard.',
      ...oneOf('standard', 'nginx'),
    },
    upstream: {
      description: 'The app, to be a proxy in front of it.',
      type: 'string',
      pattern: '^https?://[^/?#@\\\\]+/?$',
      errorMessage: 'must be an http or https URL without path and user name, such as "http://127.0.0.1:8000".',
    },
  },
};

/** What is read of the schema here. */
export interface ConfigSchema {
  readonly $schema: string;
  readonly title: string;
  readonly type: string;
  readonly additionalProperties: boolean;
  readonly properties: Readonly<Record<string, { readonly errorMessage: string } | object>>;
}
