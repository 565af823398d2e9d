import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { onTestFinished } from 'vitest';

/** A client of the package `redis`, connected until the end of the test. */
export async function connectNodeRedis(port: number) {
  const client = createClient({ url: `redis://127.0.0.1:${port}` });
  client.on('error', () => {});
  onTestFinished(() => client.destroy());
  return client.connect();
}

/** A client of the package `ioredis`, connected until the end of the test. */
export async function connectIoredis(port: number) {
  const client = new Redis(port, '127.0.0.1', { lazyConnect: true });
  client.on('error', () => {});
  onTestFinished(() => client.disconnect());
  await client.connect();
  return client;
}
