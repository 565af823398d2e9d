import { DEFAULT_MAX_BYTES } from './body.ts';

/** How much of a body is read. */
export interface ReaderOptions {
  /**
   * The largest body that is read, in bytes as it comes over the network; of a body that was parsed before, the
   * longest `data` in characters.
   *
   * The default holds every unwrapped push. In a wrapped one base64 makes four bytes out of three: the default holds
   * 7.8 MB of data, and the largest push that Pub/Sub can send, with 10 MB of data, needs `14 * 1024 * 1024`.
   *
   * @default 10 * 1024 * 1024
   */
  readonly maxBytes?: number | undefined;
}

/** How much of a push is read. */
export interface PubSubPushOptions extends ReaderOptions {}

/**
 * The checked limit.
 *
 * @throws TypeError that names a wrong option
 */
export function maxBytesOf(options: ReaderOptions, names: readonly string[] = ['maxBytes']): number {
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(`Unknown option "${unknown}": this reader knows ${names.join(', ')}.`);
  }
  const { maxBytes = DEFAULT_MAX_BYTES } = options;
  if (!Number.isSafeInteger(maxBytes) || maxBytes < 1) {
    throw new TypeError('"maxBytes" must be a whole number from 1.');
  }
  return maxBytes;
}
