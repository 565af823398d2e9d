import { pauseStackTraces } from './errors.ts';

/** A JSON object whose members may be anything. */
export type JsonObject = { readonly [name: string]: unknown };

// jsdom, as Jest has it, pretends to be a browser and lacks this; a ReferenceError would not say what to do.
if (typeof TextDecoder === 'undefined') {
  throw new Error('There is no TextDecoder here. Is this jsdom? A guard is tested in the test environment "node".');
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** RFC 8259 §2: a brace, or the white space that may stand before it; §8.1: no byte order mark. */
const OBJECT_STARTS: readonly (number | undefined)[] = [0x7b, 0x20, 0x09, 0x0a, 0x0d];

/** Reads bytes as a JSON object; `undefined` where they are not UTF-8, not JSON, or another JSON value. */
export function parseJsonObject(bytes: Uint8Array): JsonObject | undefined {
  if (!OBJECT_STARTS.includes(bytes[0])) {
    // A byte order mark ends here: the decoder would pass over it. For the rest, the error of the parser costs too much.
    return undefined;
  }
  // What is thrown is not looked at.
  const restore = pauseStackTraces();
  try {
    const value: unknown = JSON.parse(utf8.decode(bytes));
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  } finally {
    restore();
  }
}

/** Tells a JSON object from `null`, arrays and plain values. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member that the object itself has: nothing that `__proto__` or a polluted prototype brings in counts. */
export function own(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
