import { SPEED } from './clock.ts';
import { MAX_AGE_SECONDS } from './promises.ts';
import type { Scheduled } from './schedule.ts';

/**
 * How often a service may ask Google for keys in all this: the sum of what docs/keys.md allows. Bad requests are in it
 * with one fetch in 15 s while a flood lasts, and with none otherwise.
 */
export function keyRequestLimit(scheduled: readonly Scheduled[], seconds: number, starts: number): number {
  const outages = spans(scheduled, seconds, ({ happening }) => 'fail' in happening && happening.fail !== undefined);
  const unknown = spans(scheduled, seconds, ({ happening }) =>
    'flood' in happening ? happening.flood : 'leavers' in happening && happening.leavers,
  );
  const rotations = scheduled.filter(({ happening }) => 'rotate' in happening).length;
  const outageSeconds = sum(outages) * SPEED;
  return Math.ceil(
    // Ahead of time: from three quarters of the lifetime on.
    (seconds * SPEED) / (MAX_AGE_SECONDS * 0.75) +
      // 1, 2, 4, … up to 60 s, each up to a fifth shorter.
      outageSeconds / 48 +
      outages.length * 8 +
      // A bucket of two, and one more each 15 s.
      (sum(unknown) * SPEED) / 15 +
      unknown.length * 2 +
      rotations * 2 +
      starts * 2,
  );
}

/** The lengths, in seconds, of the times that begin with such a happening and end with the next of the same name. */
function spans(scheduled: readonly Scheduled[], seconds: number, begins: (each: Scheduled) => boolean): number[] {
  return scheduled.flatMap((each, index) => {
    if (!begins(each)) {
      return [];
    }
    const [name = ''] = Object.keys(each.happening);
    const end = scheduled.slice(index + 1).find(({ happening }) => name in happening);
    return [(end?.at ?? seconds) - each.at];
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
