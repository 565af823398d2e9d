/*
 * A network between a client and a server on loopback, that can be slow, lose everything, or break.
 */
import { once } from 'node:events';
import { createServer, connect as open, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/**
 * `pass`: all gets through; `slow`: a tenth of a second later; `lost`: nothing does until it is `pass` again, as TCP sends
 * anew what gets lost; `cut`: connections are reset, and new ones too.
 */
export type Weather = 'pass' | 'slow' | 'lost' | 'cut';

export interface Proxy {
  readonly port: number;
  /** Sets how it is from now on. */
  turn(weather: Weather): void;
}

/** Stands before a port until the end of the test. */
export async function startProxy(target: number): Promise<Proxy> {
  let weather: Weather = 'pass';
  /** What is lost waits for the weather to change. */
  let found = Promise.resolve();
  let find = () => {};
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    if (weather === 'cut') {
      client.resetAndDestroy();
      return;
    }
    const upstream = open(target, '127.0.0.1');
    join(client, upstream);
    join(upstream, client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    sockets.forEach((socket) => void socket.destroy());
    server.close();
  });

  function join(from: Socket, to: Socket): void {
    sockets.add(from);
    from.on('error', () => {});
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
    from.on('data', async (chunk) => {
      if (weather === 'slow') {
        await sleep(100);
      }
      await found;
      if (!to.destroyed) {
        to.write(chunk);
      }
    });
  }

  return {
    port: (server.address() as { port: number }).port,
    turn(next) {
      weather = next;
      find();
      if (weather === 'lost') {
        found = new Promise((resolve) => {
          find = resolve;
        });
      }
      if (weather === 'cut') {
        sockets.forEach((socket) => void socket.resetAndDestroy());
      }
    },
  };
}
