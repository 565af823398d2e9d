import type { KeySetStore } from '@id-token-guard/core';

/** A store in memory that remembers how it was used. */
export interface MemoryStore extends KeySetStore {
  /** The names that were asked for. */
  readonly gets: readonly string[];
  readonly sets: readonly { readonly name: string; readonly text: string; readonly ttlSeconds: number }[];
  /** What it holds now, for the one name that these tests use; settable. */
  text: string | undefined;
}

export function createMemoryStore(text?: string): MemoryStore {
  const gets: string[] = [];
  const sets: { name: string; text: string; ttlSeconds: number }[] = [];
  return {
    gets,
    sets,
    text,
    async get(name) {
      gets.push(name);
      return this.text;
    },
    async set(name, newText, ttlSeconds) {
      sets.push({ name, text: newText, ttlSeconds });
      this.text = newText;
    },
  };
}
