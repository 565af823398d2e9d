import { createFakeGoogle, type FakeGoogle, type FakeGoogleOptions } from '@id-token-guard/testing';
import { type FakeGoogleServer, type ListenOptions, listen } from './listen.ts';

/** Options of {@link startLocalGoogle}. */
export interface LocalGoogleOptions extends FakeGoogleOptions, ListenOptions {}

/** A fake Google that listens on loopback, together with its server. */
export interface LocalGoogle extends FakeGoogleServer {
  /** What makes its tokens: rotates its keys, moves its clock, makes requests of every sender. */
  readonly google: FakeGoogle;
}

/**
 * Makes a fake Google, and serves it on loopback: `createFakeGoogle()` and {@link listen} in one.
 *
 * @throws Error where the port is taken, or the environment looks like production (`K_SERVICE`, `NODE_ENV`)
 * @throws TypeError where `defaultServiceAccount` is not the e-mail of a service account
 */
export async function startLocalGoogle(options: LocalGoogleOptions = {}): Promise<LocalGoogle> {
  const google = await createFakeGoogle(options);
  return { google, ...(await listen(google, options)) };
}
