import { LRUCache } from 'lru-cache';

/** A cache of at most so many values, least recently used first out. For edge runtimes there is another one: `edge/lru.ts`. */
export interface Lru<Value> {
  get(name: string): Value | undefined;
  /** Whether it is there, without using it. */
  has(name: string): boolean;
  set(name: string, value: Value): void;
}

const FIRST_SIZE = 16;
const GROWTH = 8;
/** Larger ones are made whole: to move more values would keep a request waiting. */
const LAST_GROWN_SIZE = 1024;

/**
 * lru-cache sets all of its room up ahead, 47 kB for 1000 values, so that many verifiers of one process, as one for each
 * tenant, would take much and use little of it. This one takes room when something gets in, and more of it when it is
 * full. What it forgets is the same: while it grows, nothing.
 */
export function createLru<Value extends {}>(maxSize: number): Lru<Value> {
  let entries: LRUCache<string, Value> | undefined;

  function grow(size: number): LRUCache<string, Value> {
    const larger = new LRUCache<string, Value>({ max: Math.min(maxSize, size) });
    // From the least recently used on, so that the order stays.
    for (const [name, value] of (entries?.rentries() ?? []) as Iterable<[string, Value]>) {
      larger.set(name, value);
    }
    return larger;
  }

  return {
    get: (name) => entries?.get(name),
    has: (name) => entries?.has(name) === true,
    set(name, value) {
      entries ??= grow(FIRST_SIZE);
      if (entries.size === entries.max && entries.max < maxSize && !entries.has(name)) {
        entries = grow(entries.max < LAST_GROWN_SIZE ? entries.max * GROWTH : maxSize);
      }
      entries.set(name, value);
    },
  };
}
