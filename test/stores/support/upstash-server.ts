/*
 * The REST protocol of Upstash in front of a real Redis: what the clients of `@upstash/redis` use of it. A command is a
 * list in a POST to `/`, several are a list of lists to `/pipeline`, and the strings of an answer are in base64 where the
 * client asks for that.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { onTestFinished } from 'vitest';
import { connectNodeRedis } from './redis-clients.ts';

export const UPSTASH_TOKEN = 'token-of-the-tests';

/** Serves a Redis until the end of the test. Returns the port. */
export async function startUpstash(redisPort: number): Promise<number> {
  const redis = await connectNodeRedis(redisPort);
  const server = createServer(async (req, res) => {
    const answer = (status: number, body: unknown) =>
      res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (req.headers.authorization !== `Bearer ${UPSTASH_TOKEN}`) {
      return answer(401, { error: 'Unauthorized' });
    }
    const inBase64 = req.headers['upstash-encoding'] === 'base64';
    const run = (command: readonly unknown[]) =>
      redis.sendCommand(command.map(String)).then(
        (result) => ({ result: inBase64 ? encoded(result) : result }),
        (error: Error) => ({ error: error.message }),
      );
    const body = await bodyOf(req);
    if (req.url === '/pipeline') {
      return answer(200, await Promise.all((body as unknown[][]).map(run)));
    }
    const result = await run(body as unknown[]);
    return answer('error' in result ? 400 : 200, result);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as { port: number }).port;
}

function encoded(result: unknown): unknown {
  return typeof result === 'string' && result !== 'OK' ? Buffer.from(result).toString('base64') : result;
}

async function bodyOf(req: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) {
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString());
}
