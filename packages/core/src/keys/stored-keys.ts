import { type JsonObject, parseJsonObject } from '../json.ts';
import { type DatedJwks, readSnapshot } from './snapshot.ts';

/** What a store gave. Many clients parse text that is JSON, and some give bytes. */
export type Stored = 'text' | 'bytes' | 'object' | 'nothing' | 'other';

export function kindOf(value: unknown): Stored {
  if (value === null || value === undefined) {
    return 'nothing';
  }
  if (typeof value === 'string') {
    return 'text';
  }
  if (ArrayBuffer.isView(value)) {
    return 'bytes';
  }
  return typeof value === 'object' ? 'object' : 'other';
}

/** Larger ones are not ours. In characters of the text, or in bytes. */
const MAX_LENGTH = 64 * 1024;

/**
 * Reads what a store gave: the text of a snapshot, its bytes in UTF-8, or the object that a client made of it. All go the
 * same way, through the text, so that an object is held to the same bounds and brings nothing but data.
 *
 * @returns `undefined` where it is not a snapshot of this URL with at least one usable key
 */
export function readStored(url: string, value: unknown): DatedJwks | undefined {
  return readSnapshot(url, parseStored(value));
}

function parseStored(value: unknown): JsonObject | undefined {
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return bytes.length <= MAX_LENGTH ? parseJsonObject(bytes) : undefined;
  }
  const text = typeof value === 'string' ? value : jsonOf(value);
  return text !== undefined && text.length <= MAX_LENGTH ? parseJsonObject(new TextEncoder().encode(text)) : undefined;
}

/** The JSON text of an object; `undefined` where it has none, or as soon as it is sure to be too long. */
function jsonOf(value: unknown): string | undefined {
  let left = MAX_LENGTH;
  try {
    return JSON.stringify(value, (name: string, member: unknown) => {
      left -= name.length + (typeof member === 'string' ? member.length : 1);
      if (left < 0) {
        throw new RangeError();
      }
      return member;
    });
  } catch {
    // It is too long, or has itself or something else in it that JSON has no words for.
  }
  return undefined;
}
