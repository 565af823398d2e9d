import type { Guard, Observers } from './guard.ts';
import type { AppProxy } from './proxy.ts';

/** What is in use at the moment. A request that has begun goes on with what it began with. */
export interface Serving extends Observers {
  guard: Guard;
  /** Where the guard is a proxy itself. */
  proxy: AppProxy | undefined;
  isClosing: boolean;
}
