import { parseJsonObject } from '../json.ts';
import { within } from './deadline.ts';
import { freshnessSeconds } from './freshness.ts';
import { type UsableJwk, usableJwks } from './jwks.ts';

/** In bytes, after decompression. Google's document has about 1,000. */
const MAX_BODY_BYTES = 64 * 1024;

/** An answer from the key URL that holds at least one usable key. */
export interface JwksAnswer {
  readonly jwks: readonly UsableJwk[];
  readonly freshForSeconds: number;
}

/**
 * Fetches the keys: one exchange, bounded in time and size, without redirects.
 *
 * @throws Error that says in a constant sentence what was wrong with the answer
 */
export async function fetchJwks(
  url: string,
  fetch: typeof globalThis.fetch,
  timeoutSeconds: number,
): Promise<JwksAnswer> {
  return within(timeoutSeconds, 'The key URL did not answer in time.', async (signal) => {
    // "manual", not "error": Cloudflare Workers do not know the latter. A redirect then has a status other than 200.
    const response = await fetch(url, { redirect: 'manual', signal, headers: { accept: 'application/json' } });
    if (response.status !== 200) {
      abandon(response.body?.cancel());
      throw new Error(`The key URL answered with status ${response.status}.`);
    }
    const jwks = usableJwks(parseJsonObject(await readBody(response)));
    if (jwks === undefined) {
      throw new Error('The answer of the key URL is not a JSON object with a "keys" array.');
    }
    if (jwks.length === 0) {
      throw new Error('The answer of the key URL has no usable key.');
    }
    return { jwks, freshForSeconds: freshnessSeconds(response.headers) };
  });
}

/** Reads chunk by chunk, so that neither a large body nor a compressed bomb is ever held in full. */
async function readBody(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (const reader = response.body?.getReader(); reader !== undefined; ) {
    const { done, value } = await reader.read();
    if (done) {
      break;
    }
    size += value.byteLength;
    if (size > MAX_BODY_BYTES) {
      abandon(reader.cancel());
      throw new Error('The answer of the key URL is larger than 64 KiB.');
    }
    chunks.push(value);
  }
  return concat(chunks, size);
}

/** Of a body that somebody else has cloned, cancelling is never done: nobody waits for it. */
function abandon(cancelling: Promise<void> | undefined): void {
  cancelling?.catch(() => {});
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
