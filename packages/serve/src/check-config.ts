import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { ConfigError, type GuardConfig, wrong } from './config.ts';
import { CONFIG_SCHEMA } from './config-schema.ts';

const validate = new Ajv({ keywords: ['errorMessage'] }).compile<GuardConfig>(CONFIG_SCHEMA);

/**
 * Checks names and values of a configuration, as far as its JSON Schema tells. What a value means, as whether an audience
 * has wildcards, is checked when a guard is made of it.
 *
 * @throws ConfigError
 */
export function checkConfig(value: unknown): GuardConfig {
  if (validate(value)) {
    // A schema cannot tell whether a port is one.
    if (value.upstream !== undefined && !URL.canParse(value.upstream)) {
      throw wrong('upstream', expectationOf('upstream'));
    }
    return value;
  }
  const [error] = validate.errors ?? [];
  const unknown: unknown = error?.params['additionalProperty'];
  if (typeof unknown === 'string') {
    const known = Object.keys(CONFIG_SCHEMA.properties).filter((name) => name !== '$schema');
    throw wrong(unknown, `is not known; known are ${known.join(', ')}.`);
  }
  const [, member] = /^\/([^/]+)/.exec(error?.instancePath ?? '') ?? [];
  if (member === undefined) {
    throw new ConfigError(undefined, 'The configuration must be a JSON object.');
  }
  throw wrong(member, expectationOf(member));
}

function expectationOf(member: string): string {
  return (CONFIG_SCHEMA.properties[member] as { readonly errorMessage: string }).errorMessage;
}

/**
 * Reads a configuration file.
 *
 * @throws ConfigError
 */
export async function readConfigFile(path: string): Promise<GuardConfig> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError(undefined, `The file cannot be read (${error.code}).`);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ConfigError(undefined, 'The file is not JSON.');
  }
  return checkConfig(value);
}
