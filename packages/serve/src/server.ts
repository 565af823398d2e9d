import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { KeySet } from '@id-token-guard/core';
import { BROKEN, NOT_FOUND, send } from './answer.ts';
import { ask, dialectOf } from './ask.ts';
import { checkConfig } from './check-config.ts';
import { type GuardConfig, wrong } from './config.ts';
import { type Observers, openGuard } from './guard.ts';
import { closeGracefully, createLimitedServer, listen } from './listen.ts';
import { createLog } from './log.ts';
import { messageOf } from './log-event.ts';
import { manage } from './management.ts';
import type { Metrics } from './metrics.ts';
import { asksForWebSocket, passOn, passOnUpgrade } from './pass-on.ts';
import { DEFAULT_MANAGEMENT_PORT, DEFAULT_PORT } from './ports.ts';
import { type AppProxy, createProxy } from './proxy.ts';
import type { Serving } from './serving.ts';

/** A guard that listens. */
export interface GuardServer {
  /** Such as `http://127.0.0.1:8586`. */
  readonly url: string;
  /** Where `/healthz`, `/readyz` and `/metrics` are. */
  readonly managementUrl: string;
  /**
   * Goes on with another configuration, from the next request on. Where it cannot be had, is wrong, or changes what only
   * a restart can, the one until now stays in use, and the promise rejects with a `ConfigError`.
   */
  reload(load: () => GuardConfig | Promise<GuardConfig>): Promise<void>;
  /** Stops listening, answers what is under way for 10 seconds at most, and closes all connections. */
  close(): Promise<void>;
}

/** In milliseconds. */
const CLOSE_LIMIT = 10_000;

/**
 * Starts a guard that servers in front ask at `/auth`, or that is a proxy in front of `upstream`.
 *
 * It listens before it has keys: until then `/readyz` and all requests get 503. It does not serve TLS, and it trusts the
 * server that asks to let through only the request that it has asked about.
 *
 * @throws ConfigError
 */
export async function startGuardServer(config: GuardConfig): Promise<GuardServer> {
  checkConfig(config);
  const isProxy = config.upstream !== undefined;
  const { host = '127.0.0.1', port = DEFAULT_PORT } = config;
  const { managementPort = isProxy ? DEFAULT_MANAGEMENT_PORT : port } = config;
  if (isProxy && managementPort === port && port !== 0) {
    throw wrong('managementPort', 'must not be "port": all paths of a proxy are the app\'s.');
  }
  // Two ports that are any free ones are not the same.
  const isManagedApart = isProxy || managementPort !== port || config.managementPort === 0;
  const { logger, flush } = createLog(config.log ?? 'json');
  const metrics = config.metrics === true ? await metricsOf(() => serving.guard.keys.keySet) : undefined;
  const observers: Observers = { logger, metrics };
  const serving: Serving = {
    ...observers,
    guard: await openGuard(config, observers),
    proxy: proxyOf(config, observers),
    isClosing: false,
  };
  const upgraded = new Set<Duplex>();
  const server = createLimitedServer(isProxy ? { shouldUpgradeCallback: asksForWebSocket } : {});
  const management = isManagedApart ? createLimitedServer() : server;
  server.on('request', (req, res) => answered(res, handle(req, res, false)));
  // Without this, Node asks for the body before the guard has said yes.
  server.on('checkContinue', (req, res) => answered(res, handle(req, res, true)));
  if (isProxy) {
    server.on('upgrade', handleUpgrade);
  }
  if (isManagedApart) {
    management.on('request', (req, res) => answered(res, manage(serving, req, res)));
  }

  const origin = `http://${host.includes(':') ? `[${host}]` : host}`;
  const url = `${origin}:${await listenOrClose(server, port)}`;
  const managementUrl = isManagedApart ? `${origin}:${await listenOrClose(management, managementPort)}` : url;
  logger.info({ url, managementUrl, upstream: config.upstream }, 'listening');
  // Whoever comes first should not have to wait; what goes wrong is told by the key set.
  serving.guard.keys.keySet.preload().catch(() => {});

  let reloading: Promise<void> = Promise.resolve();
  return {
    url,
    managementUrl,
    reload(load) {
      reloading = reloading.catch(() => {}).then(() => reload(load));
      return reloading;
    },
    close,
  };

  async function listenOrClose(either: Server, onPort: number): Promise<number> {
    try {
      return await listen(either, onPort, host);
    } catch (error) {
      server.close();
      serving.guard.keys.close();
      throw error;
    }
  }

  async function handle(req: IncomingMessage, res: ServerResponse, isWaiting: boolean): Promise<void> {
    if (isProxy) {
      return passOn(serving, req, res, isWaiting);
    }
    const dialect = dialectOf(req.url ?? '', serving.guard.config.dialect);
    if (dialect !== undefined) {
      return ask(serving, dialect, req, res);
    }
    return isManagedApart ? send(res, NOT_FOUND) : manage(serving, req, res);
  }

  function answered(res: ServerResponse, handled: Promise<void>): void {
    handled.catch((error) => {
      logger.error({ error: messageOf(error) }, 'the guard has failed');
      if (res.headersSent) {
        res.destroy();
      } else {
        send(res, BROKEN);
      }
    });
  }

  function handleUpgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void {
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket)).on('error', () => {});
    passOnUpgrade(serving, req, socket, head).catch((error) => {
      logger.error({ error: messageOf(error) }, 'the guard has failed');
      socket.destroy();
    });
  }

  async function reload(load: () => GuardConfig | Promise<GuardConfig>): Promise<void> {
    try {
      const next = checkConfig(await load());
      checkChanges(serving.guard.config, next);
      const before = serving.guard;
      serving.guard = await openGuard(next, observers, before);
      if (next.upstream !== before.config.upstream) {
        serving.proxy = proxyOf(next, observers);
      }
      if (serving.guard.keys !== before.keys) {
        before.keys.close();
        serving.guard.keys.keySet.preload().catch(() => {});
      }
      metrics?.reloaded(true);
      logger.info('configuration reloaded');
    } catch (error) {
      metrics?.reloaded(false);
      logger.error({ error: messageOf(error as Error) }, 'not reloaded: the configuration until now stays in use');
      throw error;
    }
  }

  async function close(): Promise<void> {
    serving.isClosing = true;
    logger.info('closing');
    await closeGracefully(server, upgraded, CLOSE_LIMIT);
    await closeGracefully(management, new Set(), CLOSE_LIMIT);
    serving.guard.keys.close();
    logger.info('closed');
    flush();
  }
}

async function metricsOf(keys: () => KeySet): Promise<Metrics> {
  const { createMetrics } = await import('./metrics.ts');
  return createMetrics(keys);
}

function proxyOf({ upstream }: GuardConfig, { logger, metrics }: Observers): AppProxy | undefined {
  return upstream === undefined
    ? undefined
    : createProxy(upstream, (error) => {
        metrics?.upstreamFailures.inc();
        logger.error({ error: messageOf(error) }, 'the app does not answer');
      });
}

/** What is made once, at the start. */
const FIXED: readonly (keyof GuardConfig)[] = ['port', 'host', 'managementPort', 'metrics', 'log'];

function checkChanges(before: GuardConfig, next: GuardConfig): void {
  const changed = FIXED.find((member) => next[member] !== before[member]);
  if (changed !== undefined) {
    throw wrong(changed, 'cannot change while the guard runs: restart it.');
  }
  if ((next.upstream === undefined) !== (before.upstream === undefined)) {
    throw wrong('upstream', 'cannot come or go while the guard runs: restart it.');
  }
}
