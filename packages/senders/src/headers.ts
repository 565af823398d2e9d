import type { RequestHeaders } from '@id-token-guard/core';
import { SenderError } from './errors.ts';
import { invalidHint } from './shapes.ts';
import type { Format } from './values.ts';

/** What is known of senders that write a header in another way, by what they write. */
export type KnownSender = (text: string) => string | undefined;

/**
 * The one value of a header; `undefined` where it is missing or empty.
 *
 * @throws SenderError `field_invalid` for more than one value, and for one that `format` makes nothing of
 */
export function header<T>(
  headers: RequestHeaders,
  name: string,
  format: Format<T>,
  knownSender?: KnownSender,
): T | undefined {
  const values = headerValues(headers, name);
  const [text, ...others] = values;
  if (text === undefined || (text === '' && others.length === 0)) {
    return undefined;
  }
  const value = others.length === 0 ? format.parse(text) : undefined;
  if (value === undefined) {
    const hint = invalidHint(name, others.length === 0 ? text : values, format.expected);
    throw new SenderError('field_invalid', name, [hint, knownSender?.(text)].filter(Boolean).join(' '));
  }
  return value;
}

/**
 * Like {@link header}, of a header that the sender always sends.
 *
 * @throws SenderError `field_missing` too
 */
export function requiredHeader<T>(
  headers: RequestHeaders,
  name: string,
  format: Format<T>,
  knownSender?: KnownSender,
): T {
  const value = header(headers, name, format, knownSender);
  if (value === undefined) {
    const what = hasHeader(headers, name) ? 'is empty' : 'is missing';
    throw new SenderError('field_missing', name, `${name} ${what}, expected ${format.expected}.`);
  }
  return value;
}

/** Tells whether a header is there, empty or not. */
export function hasHeader(headers: RequestHeaders, name: string): boolean {
  return headerValues(headers, name).length > 0;
}

function headerValues(headers: RequestHeaders | null | undefined, name: string): string[] {
  if (typeof headers?.get === 'function') {
    return [headers.get(name) ?? []].flat();
  }
  return Object.entries(headers ?? {})
    .filter(([key]) => key.toLowerCase() === name)
    .flatMap(([, value]) => value ?? [])
    .flatMap((each) => (typeof each === 'string' ? each : (each?.value ?? [])));
}
