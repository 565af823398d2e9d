import type fc from 'fast-check';

/** Something that must hold for all values, said of a subject that a broken one can take the place of. */
export interface Property<S, V = unknown> {
  /** What holds, in a few words. */
  readonly name: string;
  readonly values: fc.Arbitrary<V>;
  /** Throws where it does not hold; otherwise says what it has met. */
  check(subject: S, value: V): string | Promise<string>;
  /** What some values must meet: a property that never sees an accepted token proves nothing about those. */
  readonly outcomes: readonly string[];
  /** Subjects with one thing wrong. The property must notice each, so that it is known to be able to fail. */
  readonly broken: Readonly<Record<string, S>>;
}

/** Something of ours to fuzz, and what must hold of it. */
export interface Target<S = unknown> {
  readonly name: string;
  readonly subject: S;
  readonly properties: readonly Property<S>[];
}

/** Lets the compiler infer what the values of a property are. */
export function property<S, V>(one: Property<S, V>): Property<S> {
  return one;
}
