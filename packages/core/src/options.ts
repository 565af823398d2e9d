/*
 * Checks of configuration. A wrong one is a TypeError that names the option, thrown when the thing is built.
 */

/** The usual cause of a value that is missing. */
export const IS_IT_UNSET = 'Is it read from an environment variable that is not set?';

/** Refuses options that are not an object, and names that nobody knows: a misspelt option must not be silently ignored. */
export function checkOptionNames(owner: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(`${owner} takes an object of options.`);
  }
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) {
      throw new TypeError(`Unknown option "${name}": ${owner} knows ${known.join(', ')}.`);
    }
  }
}

/** A number within bounds, or the default. */
export function numberOption(
  name: string,
  value: unknown,
  bounds: { default: number; min: number; max: number },
): number {
  if (value === undefined) {
    return bounds.default;
  }
  if (typeof value !== 'number' || !(value >= bounds.min && value <= bounds.max)) {
    throw new TypeError(`"${name}" must be a number from ${bounds.min} to ${bounds.max}.`);
  }
  return value;
}

/**
 * A clock: what the option gives as a number, so that a `Date` is as good; or `Date.now()`, looked up when it is asked,
 * since tests replace it at any time.
 */
export function clockOption(value: (() => number) | undefined): () => number {
  const now = functionOption('now', value);
  return now === undefined ? systemClock : () => Number(now());
}

function systemClock(): number {
  return Date.now();
}

/** A function, or `undefined`. */
export function functionOption<F>(name: string, value: F): F {
  if (value !== undefined && typeof value !== 'function') {
    throw new TypeError(`"${name}" must be a function.`);
  }
  return value;
}

/** `true` or `false`, which is the default; a text from an environment variable is neither. */
export function booleanOption(name: string, value: unknown): boolean {
  if (value !== undefined && typeof value !== 'boolean') {
    throw new TypeError(`"${name}" must be true or false.`);
  }
  return value ?? false;
}
