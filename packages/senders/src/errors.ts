/**
 * Why a request could not be read. The codes are stable: switch on them, never on messages.
 *
 * What each one means, and when it is given, is in {@link SenderError}.
 */
export type SenderErrorCode =
  | 'body_too_large'
  | 'body_unavailable'
  | 'body_not_json'
  | 'not_a_pubsub_push'
  | 'not_an_add_on_event'
  | 'field_missing'
  | 'field_invalid'
  | 'data_not_base64'
  | 'data_not_utf8'
  | 'data_not_json';

interface Row {
  readonly status: 400 | 413 | 500;
  readonly message: string;
}

/** Status numbers and messages stand here and nowhere else. None of the statuses acknowledges anything to a sender. */
const ROWS: Readonly<Record<SenderErrorCode, Row>> = {
  body_too_large: { status: 413, message: 'The body is larger than the service reads.' },
  body_unavailable: {
    status: 500,
    message: 'The bytes of the body are not there: something has read or parsed it before, or nothing has read it.',
  },
  body_not_json: { status: 400, message: 'The body is not JSON in UTF-8.' },
  not_a_pubsub_push: { status: 400, message: 'The body is not a JSON object with a Pub/Sub message.' },
  not_an_add_on_event: { status: 400, message: 'The body is not a JSON object with an authorizationEventObject.' },
  field_missing: { status: 400, message: 'A field that the sender always sends is missing.' },
  field_invalid: { status: 400, message: 'A field is not as the sender sends it.' },
  data_not_base64: { status: 400, message: 'The data of the message is not base64.' },
  data_not_utf8: { status: 400, message: 'The data of the message is not text in UTF-8.' },
  data_not_json: { status: 400, message: 'The data of the message is not JSON.' },
};

// In the global symbol registry, so that two copies of this package know each other's errors.
const BRAND = Symbol.for('id-token-guard.SenderError');

/**
 * The one error that the readers of this package throw for a request that is not as Google's sender makes it.
 *
 * `message` is one constant sentence per code, and `field` one of the names that this package knows. `hint` is for the
 * operator: what shape the value has, what it should be, and where that is known, who sends it so. Nothing of the request is
 * in any of them, and there is no `cause`, because what `JSON.parse` throws quotes its input. Answer with
 * `status`, which no sender takes for a success, so that nothing is acknowledged that was not read. The sender then
 * tries again; a message that can never be read needs a dead-letter topic or the end of its retention to go away.
 *
 * | code | status | when |
 * | --- | --- | --- |
 * | `body_too_large` | 413 | the body, or the `data` in it, has more than `maxBytes` |
 * | `body_unavailable` | 500 | the service's own fault: the body was read before, parsed though its bytes are needed, or never read |
 * | `body_not_json` | 400 | the body of a wrapped push, or of an event of an add-on, is not JSON in UTF-8 |
 * | `not_a_pubsub_push` | 400 | the JSON is not an object with a `message` object |
 * | `not_an_add_on_event` | 400 | the JSON is not an object with an `authorizationEventObject` object |
 * | `field_missing` | 400 | there is no `field` |
 * | `field_invalid` | 400 | `field` has the wrong type, is no time or number, comes twice, or contradicts its other spelling |
 * | `data_not_base64` | 400 | `data` is not base64 with padding, RFC 4648 §4 |
 * | `data_not_utf8` | 400 | `data.text()` or `data.json()` of bytes that are not UTF-8 |
 * | `data_not_json` | 400 | `data.json()` of a text that is not JSON |
 */
export class SenderError extends Error {
  override readonly name: string = 'SenderError';
  /** Why the request could not be read. */
  readonly code: SenderErrorCode;
  /** The HTTP status that fits: 400, 413 or 500. */
  readonly status: number;
  /** The field at fault, such as `message.messageId`, or the header in lower case, where there is one. */
  readonly field: string | undefined;
  /** For the log: what was expected, what shape the value has, who is known to send it so. */
  readonly hint: string | undefined;

  /** Made by this library; your own code has no need to make one, except to test what it does with it. */
  constructor(code: SenderErrorCode, field?: string, hint?: string) {
    const row = ROWS[code];
    super(row.message);
    this.code = code;
    this.status = row.status;
    this.field = field;
    this.hint = hint;
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** Tells whether a value is a {@link SenderError}, also one thrown by another copy of this package. */
export function isSenderError(value: unknown): value is SenderError {
  return value instanceof Error && Object.hasOwn(value, BRAND) && Object.hasOwn(ROWS, (value as SenderError).code);
}
