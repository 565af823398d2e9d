import { SenderError } from './errors.ts';

/** A JSON object whose members may be anything. */
export type JsonObject = { readonly [name: string]: unknown };

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Bytes as text, without a byte order mark; `undefined` where they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Any JSON value; `undefined`, which is none, where the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The JSON value of a body.
 *
 * @throws SenderError `body_not_json`
 */
export function jsonOf(bytes: Uint8Array): unknown {
  const text = decodeUtf8(bytes);
  const value = text === undefined ? undefined : parseJson(text);
  if (value === undefined) {
    const what = text === undefined ? 'not text in UTF-8' : bytes.length === 0 ? 'empty' : 'no JSON';
    throw new SenderError('body_not_json', undefined, `The body is ${what}: ${bytes.length} bytes.`);
  }
  return value;
}

/** Tells a JSON object from `null`, arrays and plain values. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A member that the object itself has: nothing that `__proto__` or a polluted prototype brings in counts.
 *
 * `null` counts as missing, as in the JSON form of protocol buffers, which Pub/Sub's messages are.
 */
export function own(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? (object[name] ?? undefined) : undefined;
}
