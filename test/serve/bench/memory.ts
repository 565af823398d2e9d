import { markdownTable } from '../../bench/report/markdown.ts';
import { residentMemory, startPinnedGuard } from './pinned-guard.ts';
import type { World } from './set-ups.ts';
import { wrk } from './wrk.ts';

export interface Memory {
  readonly requests: number;
  readonly bytes: number;
}

/** The guard's memory at the start, and as the number of its answers grows. */
export async function measureMemory(world: World, requests: number): Promise<Memory[]> {
  const guard = await startPinnedGuard(world, ['--metrics']);
  const points: Memory[] = [{ requests: 0, bytes: residentMemory(guard) }];
  let answered = 0;
  for (const until of [requests / 10, requests / 2, requests]) {
    while (answered < until) {
      answered += (await wrk(`${guard.url}/auth`, [world.good], 2)).requests;
    }
    points.push({ requests: answered, bytes: residentMemory(guard) });
  }
  await guard.stop();
  return points;
}

export function memoryTable(points: readonly Memory[]): string {
  return markdownTable(
    ['answers given', 'memory of the guard, MB'],
    points.map(({ requests, bytes }) => [requests.toLocaleString('en'), (bytes / 1e6).toFixed(0)]),
  );
}
