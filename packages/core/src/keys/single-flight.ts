/** Runs one piece of work for all who ask for it while it is under way. */
export interface SingleFlight {
  /** Resolves when the work is done: the one under way, or a new one. The work must not reject. */
  join(): Promise<void>;
  readonly underWay: boolean;
}

/**
 * On Cloudflare Workers a promise belongs to the request that made it: another request that awaits it may wait for
 * ever, since the runtime drops the rest of a request that was cancelled. There, results are shared, never promises.
 */
export function createSingleFlight(work: () => Promise<void>): SingleFlight {
  return isCloudflareWorkers() ? sharingResults(work) : sharingPromises(work);
}

function isCloudflareWorkers(): boolean {
  // Workers with an old compatibility date have no navigator.
  return globalThis.navigator?.userAgent === 'Cloudflare-Workers' || 'WebSocketPair' in globalThis;
}

/** Everywhere but on Workers. */
export function sharingPromises(work: () => Promise<void>): SingleFlight {
  let flight: Promise<void> | undefined;
  return {
    join() {
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
export function sharingResults(work: () => Promise<void>): SingleFlight {
  let flight: { readonly startedAt: number } | undefined;

  async function fly(): Promise<void> {
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
    async join() {
      const joined = flight;
      while (joined !== undefined && flight === joined) {
        if (Date.now() - joined.startedAt > ABANDONED_AFTER_MS) {
          return fly();
        }
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      }
      // Landed, or taken over by another request that waited: its flight is joined in turn.
      return joined === undefined ? fly() : flight === undefined ? undefined : this.join();
    },
    get underWay() {
      return flight !== undefined;
    },
  };
}
