/*
 * One service in a process of its own, as `service-process.ts` starts it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createGoogleKeySet, serviceAccount } from '@id-token-guard/core';
import { APPS } from './apps.ts';
import { createClock } from './clock.ts';
import type { FromService, ServicePlan } from './messages.ts';
import { KEY_SET } from './promises.ts';
import { watchStalls } from './stalls.ts';
import { AUDIENCE, CALLER_EMAILS } from './traffic.ts';

const plan = JSON.parse(`${process.argv[2]}`) as ServicePlan;

for (const event of ['uncaughtException', 'unhandledRejection', 'warning'] as const) {
  process.on(event, (error: unknown) => tell({ type: 'fault', event, text: String((error as Error)?.stack ?? error) }));
}

const now = createClock(plan.clockStartedAt);
watchStalls(now, ({ from, to }) => tell({ type: 'stall', from, to }));
const snapshot = plan.snapshotFrom && JSON.parse(readFileSync(plan.snapshotFrom, 'utf8'));
const keySetOptions = { url: plan.jwksUrl, now, ...KEY_SET, snapshot };
const keys = createGoogleKeySet(keySetOptions);
const options = {
  audience: AUDIENCE,
  callers: serviceAccount(...CALLER_EMAILS),
  keys,
  now,
  // Full after some seconds, so that the memory of a long run can be compared with that of its beginning.
  tokenCacheSize: 200,
};
const server = await APPS[plan.name](options, handle, keySetOptions);
server.keepAliveTimeout = 0; // Else an idle connection may be closed just when the soak sends on it.
server.listen(0, '127.0.0.1', () => tell({ type: 'ready', port: (server.address() as AddressInfo).port }));

process.on('message', () => tell({ type: 'heap', bytes: heapUsed() }));

// As services stop: nothing new, and what is under way to its end. The process then ends by itself.
process.once('SIGTERM', () => {
  const last = keys.snapshot();
  if (last !== undefined) {
    writeFileSync(plan.snapshotTo, JSON.stringify(last));
  }
  // A connection that is busy now is idle after its answer, and would hold the server open.
  const closing = setInterval(() => server.closeIdleConnections(), 50);
  server.close(() => {
    clearInterval(closing);
    process.disconnect();
  });
});

/** The path ends in the id of the request. */
function handle(path: string): { id: string } {
  const id = path.slice(path.lastIndexOf('/') + 1);
  tell({ type: 'handled', id });
  return { id };
}

function heapUsed(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function tell(message: FromService): void {
  process.send?.(message);
}
