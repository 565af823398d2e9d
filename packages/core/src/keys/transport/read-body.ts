import type { KeyAnswer } from './transport.ts';

/** In bytes, after decompression. Google's document has about 1,000. */
const MAX_BODY_BYTES = 64 * 1024;

/**
 * Reads the body of an answer chunk by chunk, so that neither a large one nor a compressed bomb is ever held in full.
 *
 * @throws Error that says in a constant sentence what is wrong with the body
 */
export async function readBody({ body }: KeyAnswer): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (const source = sourceOf(body); ; ) {
    const { done, value } = await next(source);
    if (done) {
      return concat(chunks, size);
    }
    if (!ArrayBuffer.isView(value)) {
      abandon(() => source.stop());
      throw new Error('The body that "fetch" resolved to does not consist of bytes.');
    }
    size += value.byteLength;
    if (size > MAX_BODY_BYTES) {
      abandon(() => source.stop());
      throw new Error('The answer of the key URL is larger than 64 KiB.');
    }
    chunks.push(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  }
}

async function next(source: Source): ReturnType<Source['next']> {
  try {
    return await source.next();
  } catch (cause) {
    throw new Error('The answer of the key URL broke off', { cause });
  }
}

/** Lets go of a body that nobody is going to read. */
export function abandonBody({ body }: KeyAnswer): void {
  abandon(() => sourceOf(body).stop());
}

/** Where the chunks of a body come from, whatever kind of stream it is. */
interface Source {
  next(): Promise<{ readonly done?: boolean | undefined; readonly value?: unknown }>;
  stop(): unknown;
}

/** What a body may have: a stream of the Web has the first, one of Node.js, as of node-fetch, the other two. */
interface AnyBody {
  getReader?: () => ReadableStreamDefaultReader<unknown>;
  [Symbol.asyncIterator]?: () => AsyncIterator<unknown>;
  destroy?: () => unknown;
}

function sourceOf(body: unknown): Source {
  if (body === null || body === undefined) {
    return { next: async () => ({ done: true }), stop() {} };
  }
  const stream = body as AnyBody;
  const reader = stream.getReader?.();
  if (reader !== undefined) {
    return { next: () => reader.read(), stop: () => reader.cancel() };
  }
  const iterator = stream[Symbol.asyncIterator]?.();
  if (iterator !== undefined) {
    return { next: () => iterator.next(), stop: () => (stream.destroy ? stream.destroy() : iterator.return?.()) };
  }
  throw new Error('"fetch" resolved to a body that is no stream: a Response has one of the Web, or of Node.js.');
}

/** Of a body that somebody else has cloned, cancelling is never done: nobody waits for it, whatever comes of it. */
function abandon(stop: () => unknown): void {
  (async () => stop())().catch(() => {});
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
