import { emit, type KeySetEvent } from '../events.ts';
import { asError } from '../thrown.ts';
import { within } from './deadline.ts';
import type { KeySetSnapshot, KeySetStore } from './key-set.ts';
import { type DatedJwks, isForged } from './snapshot.ts';
import { kindOf, readStored, type Stored } from './stored-keys.ts';

/** A store may be slow or hang; the keys must come in time all the same. */
const STORE_TIMEOUT_SECONDS = 1;
const TOO_LATE = 'The key set store did not answer in time.';
const LOST = 'The key set store has lost keys that were put there, before their time was over.';
/** A store that owes an answer is not asked again for so long: no verification waits for it twice. */
const PAUSE_SECONDS = 10;
/** Workers KV may show for so long that there is nothing, although something was put there. */
const SETTLING_SECONDS = 60;

/** A store that never fails: what goes wrong becomes an event. */
export interface SharedStore {
  read(onEvent: Listener): Promise<DatedJwks | undefined>;
  write(snapshot: KeySetSnapshot, ttlSeconds: number, onEvent: Listener): Promise<void>;
}

type Listener = ((event: KeySetEvent) => void) | undefined;

export function createSharedStore(url: string, store: KeySetStore, now: () => number): SharedStore {
  const name = `id-token-guard:keys:${url}`;
  let owesSince: number | undefined;
  let kept: { readonly at: number; readonly ttlSeconds: number } | undefined;

  return {
    async read(onEvent) {
      if (isBetween(0, owesSince, PAUSE_SECONDS)) {
        return undefined;
      }
      let gave: Stored = 'nothing';
      try {
        const value = await within(STORE_TIMEOUT_SECONDS, TOO_LATE, ask);
        gave = kindOf(value);
        if (gave === 'nothing' && !isBetween(SETTLING_SECONDS, kept?.at, kept?.ttlSeconds)) {
          return undefined; // That is how it begins.
        }
        const dated = readStored(url, value);
        if (dated === undefined) {
          throw new Error(gave === 'nothing' ? LOST : `What the key set store gave (${gave}) is not a usable key set.`);
        }
        return dated;
      } catch (error) {
        emit(onEvent, { type: 'keys_store_failed', operation: 'get', gave, error: asError(error) });
        return undefined;
      }
    },
    async write(snapshot, ttlSeconds, onEvent) {
      try {
        if (isForged(url, snapshot.keys)) {
          throw new Error('Keys of a fake Google are not kept under the name of the real ones.');
        }
        const text = JSON.stringify(snapshot);
        await within(STORE_TIMEOUT_SECONDS, TOO_LATE, () => store.set(name, text, ttlSeconds));
        kept = { at: now(), ttlSeconds };
      } catch (error) {
        emit(onEvent, { type: 'keys_store_failed', operation: 'set', error: asError(error) });
      }
    },
  };

  async function ask(): Promise<unknown> {
    owesSince = now();
    try {
      return await store.get(name);
    } finally {
      owesSince = undefined;
    }
  }

  /** Whether it is at least and less than so many seconds ago. A clock that jumped back tells nothing. */
  function isBetween(minSeconds: number, time = Number.NaN, maxSeconds = 0): boolean {
    const seconds = (now() - time) / 1000;
    return seconds >= minSeconds && seconds < maxSeconds;
  }
}
