import { SenderError } from './errors.ts';
import { decodeUtf8, parseJson } from './json.ts';

/** What a publisher has put into a message; empty where the message has only attributes. */
export interface PubSubData {
  /** Exactly as published. */
  readonly bytes: Uint8Array;
  /**
   * The bytes as text, without a byte order mark.
   *
   * @throws SenderError `data_not_utf8`: nothing is replaced by question marks
   */
  text(): string;
  /**
   * The bytes as JSON. Anything may come out: check it before you use it.
   *
   * @throws SenderError `data_not_utf8` or `data_not_json`
   */
  json(): unknown;
}

/** Puts bytes into the shape that a handler reads. */
export function createPubSubData(bytes: Uint8Array): PubSubData {
  function text(): string {
    const decoded = decodeUtf8(bytes);
    if (decoded === undefined) {
      throw new SenderError('data_not_utf8');
    }
    return decoded;
  }

  function json(): unknown {
    const value = parseJson(text());
    if (value === undefined) {
      throw new SenderError('data_not_json');
    }
    return value;
  }

  return { bytes, text, json };
}
