import { isCloudflareWorkers } from '../runtime/cloudflare-workers.ts';

/** Runs one piece of work for all who ask for it while it is under way. */
export interface SingleFlight {
  /** Resolves when the work is done: the one under way, or this one. The work must not reject. */
  join(work: () => Promise<void>): Promise<void>;
  readonly underWay: boolean;
}

/**
 * On Cloudflare Workers a promise belongs to the request that made it: another request that awaits it may wait for
 * ever, since the runtime drops the rest of a request that was cancelled. There, results are shared, never promises.
 */
export function createSingleFlight(): SingleFlight {
  return isCloudflareWorkers() ? sharingResults() : sharingPromises();
}

/** Everywhere but on Workers. */
export function sharingPromises(): SingleFlight {
  let flight: Promise<void> | undefined;
  return {
    join(work) {
      flight ??= work().finally(() => {
        flight = undefined;
      });
      return flight;
    },
    get underWay() {
      return flight !== undefined;
    },
  };
}

/** How often a waiting request looks whether the flight of another request has landed. */
const LOOK_EVERY_MS = 20;
/** A flight that takes longer may belong to a request that was cancelled: whoever waits starts another one. */
const ABANDONED_AFTER_MS = 1000;

/** On Workers: whoever waits looks again and again for a flight to land, with timers of its own. */
export function sharingResults(): SingleFlight {
  let flight: { readonly startedAt: number } | undefined;
  let landings = 0;

  function isUnderWay(): boolean {
    // A negative time: the clock jumped back. Better one flight too many than to wait for it to come round again.
    const elapsed = flight === undefined ? -1 : Date.now() - flight.startedAt;
    return elapsed >= 0 && elapsed <= ABANDONED_AFTER_MS;
  }

  async function fly(work: () => Promise<void>): Promise<void> {
    const own = { startedAt: Date.now() };
    flight = own;
    try {
      await work();
    } finally {
      landings += 1;
      flight = flight === own ? undefined : flight;
    }
  }

  return {
    async join(work) {
      // A flight that was taken for abandoned, and lands after all, is as good as any.
      const landingsBefore = landings;
      while (isUnderWay() && landings === landingsBefore) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      }
      return landings === landingsBefore ? fly(work) : undefined;
    },
    get underWay() {
      return isUnderWay();
    },
  };
}
