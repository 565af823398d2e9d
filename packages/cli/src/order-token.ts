import { UsageError } from './usage.ts';

const TIMEOUT_MILLIS = 5000;
/** In bytes. A request of a sender has a few thousand. */
const MAX_ANSWER_BYTES = 256 * 1024;
const MAX_ERROR_LENGTH = 500;
/** What a Google signs. Whatever listens on that port may answer with anything, and this goes to a terminal or a shell. */
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** The settings of `POST /admin/tokens`. */
export interface TokenOrder {
  /** As `google.from` calls the sender. */
  readonly from: string;
  readonly audience?: string;
  readonly email?: string;
  readonly includeEmail: boolean;
  readonly claims: { readonly [name: string]: unknown };
}

/**
 * Has a local Google make a token, together with the rest of the sender's request.
 *
 * @throws UsageError where it does not want to, Error where there is none
 */
export async function orderToken(emulator: string, order: TokenOrder): Promise<{ readonly token: string }> {
  const response = await post(endpointOf(emulator), order);
  const answer = await readAnswer(response).catch(() => undefined);
  if (response.status === 400 && typeof answer?.error === 'string') {
    throw new UsageError(`The local Google refuses: ${answer.error.slice(0, MAX_ERROR_LENGTH)}`);
  }
  if (typeof answer?.token !== 'string' || !TOKEN.test(answer.token)) {
    throw new Error(
      `What answers at ${emulator} is no local Google of this version (status ${response.status}): name one with --emulator.`,
    );
  }
  return { ...answer, token: answer.token };
}

async function readAnswer(response: Response): Promise<{ token?: unknown; error?: unknown } | undefined | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_ANSWER_BYTES) {
      throw new Error('The answer is too long.');
    }
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString());
}

/** Nothing is asked of other machines: a token that somebody else may have signed is not what was wanted. */
function endpointOf(emulator: string): URL {
  const url = URL.canParse(emulator) ? new URL(emulator) : undefined;
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url?.hostname ?? '');
  if (url === undefined || url.protocol !== 'http:' || !isLoopback) {
    throw new UsageError('--emulator must be an http URL on loopback, such as http://127.0.0.1:8585.');
  }
  return new URL('/admin/tokens', url);
}

async function post(url: URL, order: TokenOrder): Promise<Response> {
  try {
    const body = JSON.stringify(order);
    return await fetch(url, { method: 'POST', body, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MILLIS) });
  } catch (cause) {
    throw new Error(
      `No local Google answers at ${url.origin}: start one with "id-token-guard emulate" in another terminal, or name one with --emulator.`,
      { cause },
    );
  }
}
