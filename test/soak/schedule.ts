/*
 * What happens when: a plan that is the same for the same seed.
 *
 * Time is cut into cycles of about half a minute. In each: quiet, with an announced rotation; a flood of invented key ids,
 * with a rotation without notice in it; an outage in one or two manners; quiet; a withdrawn key.
 */
import type { Random } from '../simulate-fleet/random.ts';
import type { Rotation } from './google.ts';
import { FAILURES, type Failure } from './key-server.ts';

/** How a service is stopped and started anew: with the keys that it had when it stopped, or without. */
interface Restart {
  /** Which of the services, from 0. */
  readonly service: number;
  readonly withSnapshot: boolean;
}

/** One thing that happens. */
export type Happening =
  | { readonly rotate: Rotation }
  | { readonly fail: Failure | undefined }
  | { readonly flood: boolean }
  | { readonly leavers: boolean }
  | { readonly restart: Restart };

export interface Scheduled {
  /** In seconds on the wall, from the start. Google recovers later where services are still being started anew. */
  readonly at: number;
  readonly happening: Happening;
}

const CYCLE_SECONDS = 30;

export function makeSchedule(seconds: number, services: number, random: Random): readonly Scheduled[] {
  const cycles = Math.max(1, Math.round(seconds / CYCLE_SECONDS));
  const length = seconds / cycles;
  const scheduled = Array.from({ length: cycles }, (_, cycle) =>
    makeCycle(cycle, cycles, services, random).map(({ at, happening }) => ({ at: (cycle + at) * length, happening })),
  );
  return scheduled.flat().sort((a, b) => a.at - b.at);
}

/** Times are shares of the cycle. */
function makeCycle(cycle: number, cycles: number, services: number, random: Random): Scheduled[] {
  // So long that even stale keys grow too old.
  const isLong = cycle % 4 === 2;
  const outageEnds = isLong ? 0.94 : 0.64 + 0.06 * random();
  const first = oneOf(FAILURES);
  return [
    { at: 0.06 + 0.04 * random(), happening: { rotate: 'announced' } },
    { at: 0.15, happening: { flood: true } },
    { at: 0.2 + 0.06 * random(), happening: { rotate: 'surprise' } },
    { at: 0.3, happening: { flood: false } },
    { at: 0.36, happening: { fail: first } },
    ...(random() < 0.5 || isLong ? [] : [{ at: 0.44, happening: { rotate: 'surprise' } } as const]),
    { at: 0.52, happening: { fail: random() < 0.5 ? first : oneOf(FAILURES) } },
    { at: outageEnds, happening: { fail: undefined } },
    ...(isLong ? [] : withdrawal()),
    ...restarts(cycle, cycles, services),
  ];

  function oneOf(failures: readonly Failure[]): Failure {
    return failures[Math.floor(random() * failures.length)] ?? 'error';
  }
}

function withdrawal(): Scheduled[] {
  return [
    { at: 0.78, happening: { rotate: 'withdrawal' } },
    { at: 0.78, happening: { leavers: true } },
    { at: 0.92, happening: { leavers: false } },
  ];
}

/** In the second quarter of the run, so that the memory of one process can be watched before and after. */
function restarts(cycle: number, cycles: number, services: number): Scheduled[] {
  if (cycles >= 4 && (cycle < cycles / 4 || cycle >= cycles / 2)) {
    return [];
  }
  // In turn: within the outage with and without keys, and while all is well.
  const turns = [
    { at: 0.38, withSnapshot: false },
    { at: 0.39, withSnapshot: true },
    { at: 0.1, withSnapshot: false },
  ];
  return Array.from({ length: services }, (_, service) => {
    const { at, withSnapshot } = turns[(service + cycle) % turns.length] ?? { at: 0.1, withSnapshot: false };
    return { at, happening: { restart: { service, withSnapshot } } };
  });
}
