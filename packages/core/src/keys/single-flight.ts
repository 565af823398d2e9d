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

function isCloudflareWorkers(): boolean {
  // Workers with an old compatibility date have no navigator.
  return globalThis.navigator?.userAgent === 'Cloudflare-Workers' || 'WebSocketPair' in globalThis;
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

/** On Workers: whoever waits looks again and again for the flight to land, with timers of its own. */
export function sharingResults(): SingleFlight {
  let flight: { readonly startedAt: number } | undefined;

  function isUnderWay(): boolean {
    return flight !== undefined && Date.now() - flight.startedAt <= ABANDONED_AFTER_MS;
  }

  async function fly(work: () => Promise<void>): Promise<void> {
    const own = { startedAt: Date.now() };
    flight = own;
    try {
      await work();
    } finally {
      if (flight === own) {
        flight = undefined;
      }
    }
  }

  return {
    async join(work) {
      const joined = isUnderWay();
      // Where another waiting request took an abandoned flight over, its flight is waited for.
      while (isUnderWay()) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      }
      const landed = joined && flight === undefined;
      return landed ? undefined : fly(work);
    },
    get underWay() {
      return isUnderWay();
    },
  };
}
