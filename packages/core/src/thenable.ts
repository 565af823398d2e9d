/**
 * Tells a promise from a result, by its looks: what an async function gives is no `instanceof Promise` where something
 * else is in the place of the global one, as with zone.js and on the edge runtime of Vercel.
 */
export function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as PromiseLike<T> | null | undefined)?.then === 'function';
}
