import type { GoogleIdToken } from './token.ts';

/**
 * Says whether the caller of a verified token may call: `true`, or a sentence for the operator saying why not.
 *
 * Anything but `true` refuses. What a rule throws is no refusal but a failure of the service, unless it is itself a
 * `GoogleIdTokenError`, as of a second verifier that the rule asks.
 */
export type CallerRule = (token: GoogleIdToken) => true | string | Promise<true | string>;

/** What the caller rules say; at once, unless a rule takes its time. */
export type CallerAnswer = true | string | Promise<true | string>;

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
