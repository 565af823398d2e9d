import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type * as Zlib from 'node:zlib';
import { builtInModule } from '../../runtime/built-in-module.ts';
import { type KeyAnswer, requestHeaders, type Transport } from './transport.ts';

/**
 * Keys over `node:https`, on loopback `node:http`: ready in a fraction of the time that the first `fetch` of a process
 * takes. Its agent is that of the process, which knows of proxies.
 *
 * @returns `undefined` where there is nothing of Node.js
 */
export function nodeTransport(url: string): Transport | undefined {
  const http = builtInModule(url.startsWith('https:') ? 'node:https' : 'node:http');
  // `request` is looked up each time: those who intercept requests in tests put their own in its place.
  return http && ((to, signal) => ask((options) => http.request(to, options), signal));
}

type MakeRequest = (options: { headers: Record<string, string>; signal: AbortSignal }) => ClientRequest;

function ask(makeRequest: MakeRequest, signal: AbortSignal): Promise<KeyAnswer> {
  return new Promise((resolve, reject) => {
    // One exchange in hours: its connection is not worth keeping.
    const headers = { ...requestHeaders(), 'accept-encoding': 'identity', connection: 'close' };
    const request = makeRequest({ headers, signal });
    let isAnswered = false;
    request.on('response', (message) => {
      isAnswered = true;
      try {
        resolve(answerOf(message));
      } catch (error) {
        message.destroy();
        reject(error);
      }
    });
    request.on('error', (cause: NodeJS.ErrnoException) => {
      // The process has kept a connection from another request, and it is gone by now: nobody has failed.
      if (!isAnswered && request.reusedSocket && cause.code === 'ECONNRESET') {
        resolve(ask(makeRequest, signal));
      } else {
        reject(new Error('The key URL could not be reached', { cause }));
      }
    });
    request.end();
  });
}

function answerOf(message: IncomingMessage): KeyAnswer {
  const { statusCode = 0, headers } = message;
  return { status: statusCode, headers: { get: (name) => headers[name]?.toString() ?? null }, body: decoded(message) };
}

/** Some compress though nobody has asked them to. Whoever reads what comes out counts it. */
function decoded(message: IncomingMessage): Readable {
  const coding = message.headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (coding === 'identity' || message.statusCode !== 200) {
    return message;
  }
  const [stream, zlib] = [builtInModule('node:stream'), builtInModule('node:zlib')];
  const decoder = zlib && decoderOf(coding, zlib);
  const decoding = decoder && stream?.pipeline(message, decoder, () => {}); // A failure of either ends both.
  if (decoding === undefined) {
    throw new Error('The answer of the key URL has a content coding that nobody has asked for.');
  }
  return decoding;
}

/** RFC 9110 §8.4.1 */
function decoderOf(coding: string, zlib: typeof Zlib): Zlib.Unzip | Zlib.BrotliDecompress | undefined {
  if (coding === 'br') {
    return zlib.createBrotliDecompress();
  }
  return ['gzip', 'x-gzip', 'deflate'].includes(coding) ? zlib.createUnzip() : undefined;
}
