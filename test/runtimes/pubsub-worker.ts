/*
 * The Worker of the examples in workerd, the runtime of Cloudflare Workers, with a fake Google for the internet.
 */
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { KvNamespaceLike } from '@id-token-guard/core/stores';
import { Miniflare } from 'miniflare';
import { bundle, installProgram, WORKERD_CONDITIONS } from './bundle.ts';
import type { Outbound } from './outbound.ts';

export interface PubSubWorker {
  readonly keys: KvNamespaceLike;
  /** What the handler has written to the console: one line for each message that it got. */
  readonly log: readonly string[];
  /** Sends a request, and resolves when there is an answer. */
  send(request: WorkerRequest): Promise<WorkerAnswer>;
  /** The same over a socket that can be cut. */
  begin(request: WorkerRequest): BegunRequest;
  stop(): Promise<void>;
}

interface WorkerRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface WorkerAnswer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

interface BegunRequest {
  readonly answer: Promise<WorkerAnswer>;
  /** Hangs up, so that the runtime notices at once: with a mere FIN it would still try to answer. */
  cut(): void;
}

/** A URL of the fake Google's own: under the real one, its keys do not get into a store. */
export const KEYS_URL = 'https://fake-google.invalid/oauth2/v3/certs';

/** The example, bundled with the packages that are installed in a directory. */
export async function bundlePubSubWorker(directory: string): Promise<string> {
  const program = await installProgram('../../examples/pubsub-worker.ts', directory);
  return bundle(program, WORKERD_CONDITIONS, 'esm');
}

/** @param kvDirectory where KV keeps its data; left out: in memory */
export async function startPubSubWorker(
  script: string,
  outbound: Outbound,
  kvDirectory?: string,
): Promise<PubSubWorker> {
  const log: string[] = [];
  const miniflare = new Miniflare({
    cf: false,
    modules: [{ type: 'ESModule', path: 'pubsub-worker.mjs', contents: script }],
    compatibilityDate: '2025-09-01',
    kvNamespaces: ['KEYS'],
    bindings: { GOOGLE_KEYS_URL: KEYS_URL },
    ...(kvDirectory === undefined ? {} : { kvPersist: kvDirectory }),
    // Over sockets and not in memory: that a request was cancelled can then be seen from outside.
    outboundService: { external: { address: outbound.address, http: {} } },
    handleRuntimeStdio: (stdout: Readable, stderr: Readable) => {
      stdout.on('data', (chunk) => log.push(...String(chunk).split('\n').filter(Boolean)));
      stderr.resume();
    },
  });
  const url = new URL('/push', await miniflare.ready);

  let stopped: Promise<void> | undefined;

  function begin({ headers, body = '' }: WorkerRequest): BegunRequest {
    const sent = request(url, { method: 'POST', headers, agent: false });
    sent.end(body);
    return { answer: answerOf(sent), cut: () => void sent.socket?.resetAndDestroy() };
  }

  return {
    keys: (await miniflare.getKVNamespace('KEYS')) as unknown as KvNamespaceLike,
    log,
    begin,
    send: (sent) => begin(sent).answer,
    stop() {
      stopped ??= miniflare.dispose();
      return stopped;
    },
  };
}

async function answerOf(sent: ClientRequest): Promise<WorkerAnswer> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    sent.on('response', resolve).on('error', reject);
  });
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}
