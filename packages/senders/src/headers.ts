import type { RequestHeaders } from '@id-token-guard/core';
import { SenderError } from './errors.ts';

/**
 * The one value of a header; `undefined` where it is missing or empty.
 *
 * @throws SenderError `field_invalid` for more than one value, and for one that `parse` makes nothing of
 */
export function header<T>(
  headers: RequestHeaders,
  name: string,
  parse: (text: string) => T | undefined,
): T | undefined {
  const [text, ...others] = headerValues(headers, name);
  if (text === undefined || (text === '' && others.length === 0)) {
    return undefined;
  }
  const value = others.length === 0 ? parse(text) : undefined;
  if (value === undefined) {
    throw new SenderError('field_invalid', name);
  }
  return value;
}

/**
 * Like {@link header}, of a header that the sender always sends.
 *
 * @throws SenderError `field_missing` too
 */
export function requiredHeader<T>(headers: RequestHeaders, name: string, parse: (text: string) => T | undefined): T {
  const value = header(headers, name, parse);
  if (value === undefined) {
    throw new SenderError('field_missing', name);
  }
  return value;
}

/** Tells whether a header is there, empty or not. */
export function hasHeader(headers: RequestHeaders, name: string): boolean {
  return headerValues(headers, name).length > 0;
}

function headerValues(headers: RequestHeaders, name: string): string[] {
  if (typeof headers.get === 'function') {
    const value = headers.get(name) ?? undefined;
    return value === undefined ? [] : [value];
  }
  return Object.entries(headers)
    .filter(([key]) => key.toLowerCase() === name)
    .flatMap(([, value]) => value ?? []);
}
