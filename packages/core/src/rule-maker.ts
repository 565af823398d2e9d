import type { CallerRule } from './caller.ts';

const ruleMakers = new WeakSet<object>();

/**
 * Marks a function that makes rules. Handed over as a rule itself, uncalled, it is found when the verifier is built; and
 * a bundler can leave out those that a program does not use.
 */
export function ruleMaker<Maker extends (...values: never[]) => CallerRule>(maker: Maker): Maker {
  ruleMakers.add(maker);
  return maker;
}

export function isRuleMaker(value: object): boolean {
  return ruleMakers.has(value);
}
