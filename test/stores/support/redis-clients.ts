import type { IoredisLike, NodeRedisLike } from '@id-token-guard/core/stores';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { onTestFinished } from 'vitest';

/** The client libraries: each connects to a socket, until the end of the test. */
export const libraries: readonly {
  readonly library: string;
  connect(socket: string): Promise<NodeRedisLike | IoredisLike>;
}[] = [
  { library: 'redis', connect: connectNodeRedis },
  {
    library: 'ioredis',
    async connect(socket) {
      const client = new Redis({ path: socket, lazyConnect: true });
      client.on('error', () => {});
      onTestFinished(() => client.disconnect());
      await client.connect();
      return client;
    },
  },
];

export async function connectNodeRedis(socket: string) {
  const client = createClient({ socket: { path: socket, tls: false } });
  client.on('error', () => {});
  onTestFinished(() => client.destroy());
  return client.connect();
}
