import { SenderError } from './errors.ts';

/**
 * In bytes, as a body comes over the network.
 *
 * Pub/Sub takes at most 10,000,000 bytes from a publisher, so every unwrapped push fits. In a wrapped one base64 makes
 * four bytes out of three: 10 MiB hold 7.8 MB of data, and the largest that Pub/Sub can send needs 14 MiB.
 */
export const DEFAULT_MAX_BYTES: number = 10 * 1024 * 1024;

/**
 * Reads the body of a request chunk by chunk, and stops where it is longer than it may be.
 *
 * @throws SenderError `body_too_large` or `body_unavailable`; what the network throws passes through
 */
export async function readBody(request: Request, maxBytes: number): Promise<Uint8Array> {
  // A body that was read before looks like an empty one, and an empty message would be acknowledged.
  if (request.bodyUsed || request.body?.locked) {
    throw new SenderError(
      'body_unavailable',
      undefined,
      'The body of the request was read before: hand over what was read.',
    );
  }
  if (Number(request.headers.get('content-length')) > maxBytes) {
    throw new SenderError('body_too_large');
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done) {
      break;
    }
    size += value.byteLength;
    if (size > maxBytes) {
      // Not awaited: the refusal must not hang on what the source of the body makes of it.
      reader.cancel().catch(() => {});
      throw new SenderError('body_too_large');
    }
    chunks.push(value);
  }
  return concat(chunks, size);
}

/**
 * The bytes of a body that came as bytes or text; `undefined` for anything else, such as parsed JSON.
 *
 * @throws SenderError `body_too_large`
 */
export function bytesOf(body: unknown, maxBytes: number): Uint8Array | undefined {
  // UTF-8 is never shorter than the text, so a text that is too long need not be encoded first.
  if (typeof body === 'string' && body.length > maxBytes) {
    throw new SenderError('body_too_large');
  }
  const bytes = viewOf(body);
  if (bytes !== undefined && bytes.byteLength > maxBytes) {
    throw new SenderError('body_too_large');
  }
  return bytes;
}

/** For a body that no body parser has touched. */
export function unreadBody(): SenderError {
  return new SenderError(
    'body_unavailable',
    undefined,
    'The body is undefined: express.json() leaves it so where the content type is missing or another one. Let it read all: express.json({ type: () => true }).',
  );
}

function viewOf(body: unknown): Uint8Array | undefined {
  if (typeof body === 'string') {
    return new TextEncoder().encode(body);
  }
  if (ArrayBuffer.isView(body)) {
    return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  }
  return body instanceof ArrayBuffer ? new Uint8Array(body) : undefined;
}

function concat(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}
