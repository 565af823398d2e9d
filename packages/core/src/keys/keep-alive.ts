import { ignoreRejection } from '../thrown.ts';
import type { KeyRequest } from './key-set.ts';

/** Lets work in the background outlive the request, where the runtime wants to be told. */
export function keepAlive({ waitUntil }: KeyRequest, work: Promise<unknown>): void {
  try {
    ignoreRejection(waitUntil?.(work));
  } catch {
    // A context that is over must not fail a good request; the work is then lost, and done again by another one.
  }
}
