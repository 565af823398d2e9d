/*
 * Values as Google's senders write them, read without the leniency of `Number` and `Date`.
 */

/** How a value is written, and what it means. */
export interface Format<T> {
  /** For hints: what a value must be. */
  readonly expected: string;
  /** `undefined`: not such a value. */
  parse(text: string): T | undefined;
}

// At most 15 digits: every such number is a safe integer.
const DIGITS = /^(?:0|[1-9]\d{0,14})$/;
const EPOCH_SECONDS = /^(\d{1,12})(?:\.(\d+))?$/;
const RFC3339_TIME = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(?:\.(\d+))?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Any text. */
export const TEXT: Format<string> = { expected: 'a text', parse: (text) => text };

/** The name of something, which has no comma: RFC 9110 §5.3 joins a header that comes twice with one. */
export const NAME: Format<string> = {
  expected: 'one name, without a comma',
  parse: (text) => (text.includes(',') ? undefined : text),
};

/** A whole number from 0 in decimal digits. */
export const COUNT: Format<number> = {
  expected: 'a whole number from 0, at most 15 digits',
  parse: (text) => (DIGITS.test(text) ? Number(text) : undefined),
};

/** Seconds since 1970 with an optional fraction, cut to milliseconds. */
export const SECONDS: Format<Date> = {
  expected: 'seconds since 1970, at most 12 digits and a fraction',
  parse: parseSeconds,
};

/** A time of RFC 3339 with any number of decimals, cut to milliseconds. */
export const TIME: Format<Date> = { expected: 'a time as in RFC 3339', parse: parseRfc3339 };

function parseSeconds(text: string): Date | undefined {
  const [, seconds, fraction] = EPOCH_SECONDS.exec(text) ?? [];
  return seconds === undefined ? undefined : new Date(Number(seconds) * 1000 + Number(milliseconds(fraction)));
}

function parseRfc3339(text: string): Date | undefined {
  const [, date, time, fraction, offset] = RFC3339_TIME.exec(text) ?? [];
  if (offset === undefined) {
    return undefined;
  }
  // Engines let 31 February and 24:00:00 roll over into the next day; a time that exists comes back as it was.
  const local = new Date(`${date}T${time}Z`);
  if (Number.isNaN(local.getTime()) || !local.toISOString().startsWith(`${date}T${time}`)) {
    return undefined;
  }
  return new Date(`${date}T${time}.${milliseconds(fraction)}${offset.toUpperCase()}`);
}

function milliseconds(fraction = ''): string {
  return fraction.slice(0, 3).padEnd(3, '0');
}
