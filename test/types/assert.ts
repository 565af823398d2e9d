/** Whether two types are the same type; `any` is the same as `any` only. */
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** `any` swallows every error behind it, so a type that is `any` passes all other tests. */
export type IsAny<T> = 0 extends 1 & T ? true : false;

/** Compiles only where the answer is yes. */
export function yes<_Answer extends true>(): void {}

/** Compiles only where the answer is no. */
export function no<_Answer extends false>(): void {}
