import { LRU } from 'tiny-lru';
import type { Lru } from '../lru.ts';

/** lru-cache, which has much that is not used here, would be a fifth of what a guard brings into a Worker. */
export function createLru<Value extends {}>(size: number): Lru<Value> {
  return new LRU<Value>(size);
}
