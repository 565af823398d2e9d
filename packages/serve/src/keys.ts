import { createGoogleKeySet, type GoogleKeySetOptions, type KeySet } from '@id-token-guard/core';
import type { Logger } from 'pino';
import { type GuardConfig, inMember } from './config.ts';

/** A key set, and what has to be closed with it. */
export interface Keys {
  readonly keySet: KeySet;
  /** Whether a guard with this configuration would have the same keys from the same places. */
  fits(config: GuardConfig): boolean;
  close(): void;
}

/** @throws ConfigError */
export async function openKeys(
  { keysUrl, redis }: GuardConfig,
  onEvent: NonNullable<GoogleKeySetOptions['onEvent']>,
  logger: Logger,
): Promise<Keys> {
  const source = { onEvent, ...(keysUrl === undefined ? {} : { url: keysUrl }) };
  // Before there is a connection that would have to be closed again.
  const alone = inMember('keysUrl', () => createGoogleKeySet(source));
  const fits = (config: GuardConfig) => config.keysUrl === keysUrl && config.redis === redis;
  if (redis === undefined) {
    return { keySet: alone, fits, close: () => {} };
  }
  // Loaded only here: the client takes more memory than all the rest of the guard.
  const { openRedisKeyStore } = await import('./redis.ts');
  const { store, close } = await openRedisKeyStore(redis, logger);
  return { keySet: createGoogleKeySet({ ...source, store }), fits, close };
}
