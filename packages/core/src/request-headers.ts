/**
 * The headers of a request: a Web `Headers`, or a plain object whose names may be in any case. Its values are text, lists
 * of text, or lists as of Lambda@Edge; one that is `null` is not there.
 *
 * With Node.js take `nodeHeaders(req)`: `req.headers` has only the first of two `Authorization` headers, so a second
 * one would go unnoticed.
 */
export type RequestHeaders =
  // Requests have a method of this name, too, which gives the first of several headers: they are no headers.
  | { get(name: string): string | null; readonly headers?: never }
  | { readonly [name: string]: HeaderText | readonly (HeaderText | HeaderEntry)[] };

type HeaderText = string | null | undefined;

/** Lambda@Edge writes each value as an object, beside the name as it was received. */
interface HeaderEntry {
  readonly key?: string | undefined;
  readonly value: string;
}

/** A header of a request; of a repeated one all values, with commas between them. */
export function headerOf(headers: RequestHeaders | null | undefined, name: string): string | undefined {
  return joined(headerValues(headers, name)) ?? undefined;
}

/** RFC 9110 §5.3: how several fields of one name are one. */
export function joined(values: readonly string[]): string | null {
  return values.length === 0 ? null : values.join(', ');
}

/**
 * All values of a header. Where there are no headers, as in the test call of a gateway, it has none.
 *
 * @param wanted in lower case
 * @throws TypeError where it is given something else than headers: what only looks like them may hide a second value
 */
export function headerValues(headers: RequestHeaders | null | undefined, wanted: string): string[] {
  if (headers === null || headers === undefined) {
    return [];
  }
  const { get, headers: inner } = requireObject(headers) as { get?: unknown; headers?: unknown };
  // Of a header that is called "headers", text or a list would be the value.
  if (typeof inner === 'object' && inner !== null && !Array.isArray(inner)) {
    throw new TypeError(
      'Pass the headers of the request, not the request: nodeHeaders(req) on Node.js, else request.headers.',
    );
  }
  if (typeof get === 'function') {
    return textsOf((headers as Headers).get(wanted), wanted);
  }
  const values: string[] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (name.toLowerCase() === wanted) {
      values.push(...textsOf(value, wanted));
    }
  }
  return values;
}

function requireObject(headers: unknown): object {
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) {
    throw new TypeError('Headers must be a Headers object, or a plain object of names and values.');
  }
  return headers;
}

function textsOf(value: unknown, name: string): string[] {
  const items: unknown[] = Array.isArray(value) ? value.map(unwrapped) : [value];
  return items.flatMap((item) => textOf(item, name));
}

/** Alone, such an object may stand beside more of them, as in CloudFront Functions: only in a list it is all there is. */
function unwrapped(item: HeaderText | HeaderEntry): unknown {
  return typeof item === 'object' && item !== null && Object.hasOwn(item, 'value') ? item.value : item;
}

function textOf(value: unknown, name: string): string[] {
  if (value === null || value === undefined) {
    return [];
  }
  if (typeof value !== 'string') {
    throw new TypeError(`The value of the header "${name}" must be text, or a list of texts.`);
  }
  return [value];
}
