import { emit, type KeySetEvent } from '../events.ts';
import { parseJsonObject } from '../json.ts';
import { asError } from '../thrown.ts';
import { within } from './deadline.ts';
import type { KeySetSnapshot, KeySetStore } from './key-set.ts';
import { type DatedJwks, readSnapshot } from './snapshot.ts';

/** A store may be slow or hang; the keys must come in time all the same. */
const STORE_TIMEOUT_SECONDS = 1;
/** Larger texts are not ours. In characters. */
const MAX_TEXT_LENGTH = 64 * 1024;

/** A store that never fails: what goes wrong becomes an event. */
export interface SharedStore {
  read(onEvent: Listener): Promise<DatedJwks | undefined>;
  write(snapshot: KeySetSnapshot, ttlSeconds: number, onEvent: Listener): Promise<void>;
}

type Listener = ((event: KeySetEvent) => void) | undefined;

export function createSharedStore(url: string, store: KeySetStore): SharedStore {
  const name = `id-token-guard:keys:${url}`;
  return {
    async read(onEvent) {
      try {
        const text = await within(STORE_TIMEOUT_SECONDS, 'The key set store did not answer in time.', () =>
          store.get(name),
        );
        if (text === null || text === undefined) {
          return undefined;
        }
        const dated = typeof text === 'string' && text.length <= MAX_TEXT_LENGTH ? readText(url, text) : undefined;
        if (dated === undefined) {
          throw new Error('The key set store holds something that is not a usable key set.');
        }
        return dated;
      } catch (error) {
        emit(onEvent, { type: 'keys_store_failed', operation: 'get', error: asError(error) });
        return undefined;
      }
    },
    async write(snapshot, ttlSeconds, onEvent) {
      try {
        const text = JSON.stringify(snapshot);
        await within(STORE_TIMEOUT_SECONDS, 'The key set store did not answer in time.', () =>
          store.set(name, text, ttlSeconds),
        );
      } catch (error) {
        emit(onEvent, { type: 'keys_store_failed', operation: 'set', error: asError(error) });
      }
    },
  };
}

function readText(url: string, text: string): DatedJwks | undefined {
  return readSnapshot(url, parseJsonObject(new TextEncoder().encode(text)));
}
