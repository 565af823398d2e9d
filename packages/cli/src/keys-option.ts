import { readFile } from 'node:fs/promises';
import { createGoogleKeySet, type KeySet, staticKeySet } from '@id-token-guard/core';
import { UsageError, usage } from './usage.ts';

/** The keys that `--keys` names: `google`, a URL, or a file with a JWKS. */
export async function keySetOf(value: string): Promise<KeySet> {
  if (value === 'google') {
    return createGoogleKeySet();
  }
  if (/^https?:/i.test(value)) {
    return usage('--keys', () => createGoogleKeySet({ url: value }));
  }
  const text = await readFile(value, 'utf8').catch(() => {
    throw new UsageError(`--keys: the file ${JSON.stringify(value)} cannot be read.`);
  });
  const jwks = parse(text);
  const keys = await usage('--keys', () => staticKeySet(jwks));
  if (keys.status().keyIds.length === 0) {
    throw new UsageError('--keys: the file has no usable key (RSA, 2048 bits or more, for RS256, with a "kid").');
  }
  return keys;
}

function parse(text: string): { keys: object[] } {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError('--keys: the file is not JSON.');
  }
}
