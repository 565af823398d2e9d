import { readFile } from 'node:fs/promises';
import { createGoogleKeySet, type KeySet, staticKeySet } from '@id-token-guard/core';
import { UsageError, usage } from './usage.ts';

/** The keys that `--keys` names: `google`, a URL, or a file with a JWKS. */
export async function keySetOf(value: string): Promise<KeySet> {
  if (value === 'google') {
    return createGoogleKeySet();
  }
  if (/^https?:/.test(value)) {
    return usage(() => createGoogleKeySet({ url: value }));
  }
  const text = await readFile(value, 'utf8').catch(() => {
    throw new UsageError(`--keys: cannot read the file ${JSON.stringify(value)}.`);
  });
  const jwks = parse(text);
  return usage(() => staticKeySet(jwks));
}

function parse(text: string): { keys: object[] } {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError('--keys: the file is not JSON.');
  }
}
