/** Where undici, which is what `fetch` of Node.js is made of, keeps what it works with: up to version 7, and from 8 on. */
const GLOBAL_DISPATCHERS = [Symbol.for('undici.globalDispatcher.1'), Symbol.for('undici.globalDispatcher.2')];

/**
 * Tells whether undici works with what it begins with: nobody has set a `MockAgent`, a `ProxyAgent`, interceptors or an
 * `Agent` with options. Where that is not certain, it counts as touched.
 */
export function isUndiciUntouched(): boolean {
  return GLOBAL_DISPATCHERS.every((name) => isDefault((globalThis as Record<symbol, unknown>)[name]));
}

function isDefault(dispatcher: unknown): boolean {
  if (dispatcher === undefined) {
    return true; // Not loaded yet.
  }
  const { constructor: kind, dispatch } = Object(dispatcher);
  // A wrapper hands over to the other one. Interceptors have a `dispatch` of their own.
  return (
    kind?.name === 'Dispatcher1Wrapper' ||
    (kind?.name === 'Agent' && kind.prototype.dispatch === dispatch && hasNoOptions(Object(dispatcher)))
  );
}

/** `maxOrigins` is there by default. */
function hasNoOptions(agent: object): boolean {
  const name = Object.getOwnPropertySymbols(agent).find(({ description }) => description === 'options');
  const options = name && (agent as Record<symbol, unknown>)[name];
  return (
    typeof options === 'object' &&
    Object.entries({ ...options, maxOrigins: undefined }).every(([, value]) => value === undefined)
  );
}
