/*
 * Sees everything that leaves this process, below fetch, http and net: Node.js announces each request to the operating
 * system to `async_hooks`, whoever makes it and however it was imported.
 */
import { createHook } from 'node:async_hooks';

/** What Node.js writes on a request after it has been announced, as far as it is of interest. */
interface SystemRequest {
  readonly address?: string;
  readonly port?: number;
  readonly hostname?: string;
}

/** What leaves the process, by the names that Node.js gives them. */
const KINDS: Readonly<Record<string, (request: SystemRequest) => string>> = {
  TCPCONNECTWRAP: ({ address, port }) => `tcp ${address}:${port}`,
  PIPECONNECTWRAP: ({ address }) => `pipe ${address}`,
  // The socket, since most datagrams leave at once and are not announced.
  UDPWRAP: () => 'udp',
  GETADDRINFOREQWRAP: ({ hostname }) => `lookup ${hostname}`,
  GETNAMEINFOREQWRAP: () => 'lookup of an address',
  QUERYWRAP: ({ hostname }) => `query ${hostname}`,
  PROCESSWRAP: () => 'process',
  WORKER: () => 'worker',
};

export interface NetworkWatch {
  /**
   * What has left since the watch began, such as `tcp 127.0.0.1:8080` or `lookup example.com`, each once. A connection
   * that was open before may be used again unseen: watch from before the first one.
   */
  readonly seen: readonly string[];
  stop(): void;
}

export function watchNetwork(): NetworkWatch {
  const requests: (() => string)[] = [];
  const hook = createHook({
    init(_id, type, _trigger, request) {
      const describe = KINDS[type];
      if (describe !== undefined) {
        requests.push(() => describe(request));
      }
    },
  }).enable();
  return {
    get seen() {
      return [...new Set(requests.map((describe) => describe()))];
    },
    stop: () => void hook.disable(),
  };
}
