import './unhandled-rejections.ts';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  createSingleFlight,
  type SingleFlight,
  sharingPromises,
  sharingResults,
} from '../../../packages/core/src/keys/single-flight.ts';
import { asOn } from './scene.ts';

/** Work that takes some time, and counts how often it was begun and done. */
function work(milliseconds: number) {
  const counts = { begun: 0, done: 0 };
  const run = async () => {
    counts.begun += 1;
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    counts.done += 1;
  };
  return { counts, run };
}

/** Of a request that the runtime cancelled: it never goes on. */
function cancelledWork(): Promise<void> {
  return new Promise(() => {});
}

function joinOften(flight: SingleFlight, count: number, run: () => Promise<void>) {
  const joins = { landed: 0 };
  for (let index = 0; index < count; index += 1) {
    flight.join(run).then(() => {
      joins.landed += 1;
    });
  }
  return joins;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe.each([
  { name: 'sharing promises', create: sharingPromises },
  { name: 'sharing results', create: sharingResults },
])('a single flight, $name', ({ create }) => {
  test('is not under way before anybody asks', () => {
    expect(create().underWay).toBe(false);
  });

  test('does the work once for 500 who ask while it is under way', async () => {
    const flight = create();
    const { counts, run } = work(400);
    const joins = joinOften(flight, 500, run);
    expect(flight.underWay).toBe(true);

    await vi.advanceTimersByTimeAsync(399);
    expect(joins.landed).toBe(0);
    await vi.advanceTimersByTimeAsync(40);

    console.log(`500 who ask: work begun ${counts.begun} times`);
    expect(joins.landed).toBe(500);
    expect(counts).toEqual({ begun: 1, done: 1 });
    expect(flight.underWay).toBe(false);
  });

  test('lets those who come late join', async () => {
    const flight = create();
    const { counts, run } = work(400);
    flight.join(run);
    await vi.advanceTimersByTimeAsync(390);
    const late = joinOften(flight, 10, run);

    await vi.advanceTimersByTimeAsync(40);

    expect(late.landed).toBe(10);
    expect(counts.begun).toBe(1);
  });

  test('does the work anew for who asks after it has landed', async () => {
    const flight = create();
    const { counts, run } = work(100);
    flight.join(run);
    await vi.advanceTimersByTimeAsync(100);
    const second = joinOften(flight, 1, run);

    await vi.advanceTimersByTimeAsync(100);

    expect(second.landed).toBe(1);
    expect(counts).toEqual({ begun: 2, done: 2 });
  });
});

describe('a single flight, sharing results', () => {
  test('is taken over, once, when the request that made it was cancelled', async () => {
    const flight = sharingResults();
    flight.join(cancelledWork);
    const { counts, run } = work(100);
    const joins = joinOften(flight, 50, run);

    await vi.advanceTimersByTimeAsync(990);
    expect(counts.begun).toBe(0);
    await vi.advanceTimersByTimeAsync(200);

    expect(counts).toEqual({ begun: 1, done: 1 });
    expect(joins.landed).toBe(50);
    expect(flight.underWay).toBe(false);
  });

  test('is taken over once more when the one who took over was cancelled too', async () => {
    const flight = sharingResults();
    flight.join(cancelledWork);
    flight.join(cancelledWork);
    const { counts, run } = work(100);
    const joins = joinOften(flight, 20, run);

    await vi.advanceTimersByTimeAsync(2300);

    expect(counts).toEqual({ begun: 1, done: 1 });
    expect(joins.landed).toBe(20);
  });

  test('does not count as under way once it is abandoned, so that the next request begins at once', async () => {
    const flight = sharingResults();
    flight.join(cancelledWork);
    await vi.advanceTimersByTimeAsync(1001);
    expect(flight.underWay).toBe(false);
    const { counts, run } = work(100);

    const joins = joinOften(flight, 1, run);
    expect(counts.begun).toBe(1);
    await vi.advanceTimersByTimeAsync(100);

    expect(joins.landed).toBe(1);
  });

  test('lets all who wait go on when slow work is done, though it was taken for abandoned', async () => {
    const flight = sharingResults();
    const { counts, run } = work(2500);
    const joins = joinOften(flight, 20, run);

    await vi.advanceTimersByTimeAsync(2600);

    console.log(`20 who ask for work of 2.5 s: begun ${counts.begun} times, ${joins.landed} of 20 gone on after 2.6 s`);
    const atWork = counts.begun - counts.done;
    expect(counts.done).toBe(1);
    expect(joins.landed).toBe(20 - atWork);
    expect(atWork).toBeLessThanOrEqual(2);
  });

  test('begins slow work no more often than once a second, however many wait', async () => {
    const flight = sharingResults();
    const { counts, run } = work(4500);
    const joins = joinOften(flight, 200, run);

    await vi.advanceTimersByTimeAsync(60_000);

    console.log(`200 who ask for work of 4.5 s: begun ${counts.begun} times in a minute`);
    expect(counts.begun).toBeLessThanOrEqual(5);
    expect(joins.landed).toBe(200);
  });

  test('does not hold anybody for an hour when the clock jumps back an hour under an abandoned flight', async () => {
    const flight = sharingResults();
    flight.join(cancelledWork);
    const { run } = work(100);
    const joins = joinOften(flight, 10, run);

    vi.setSystemTime(Date.now() - 3_600_000);
    await vi.advanceTimersByTimeAsync(5000);

    expect(joins.landed).toBe(10);
  });
});

describe('the choice between the two', () => {
  /** Sharing results, a second caller keeps looking; sharing promises, it gets the very same promise. */
  async function sharesPromises(flight: SingleFlight): Promise<boolean> {
    const { run } = work(10);
    const [first, second] = [flight.join(run), flight.join(run)];
    await vi.advanceTimersByTimeAsync(100);
    return first === second;
  }

  test('falls on promises on Node.js', async () => {
    expect(await sharesPromises(createSingleFlight())).toBe(true);
  });

  test('falls on results on Cloudflare Workers without a navigator', async () => {
    expect(await sharesPromises(await asOn('Cloudflare Workers', createSingleFlight))).toBe(false);
  });

  test('falls on results where the navigator says Cloudflare-Workers', async () => {
    vi.stubGlobal('navigator', { userAgent: 'Cloudflare-Workers' });
    const flight = createSingleFlight();
    vi.unstubAllGlobals();

    expect(await sharesPromises(flight)).toBe(false);
  });

  test('falls on promises in a runtime without any navigator', async () => {
    vi.stubGlobal('navigator', undefined);
    const flight = createSingleFlight();
    vi.unstubAllGlobals();

    expect(await sharesPromises(flight)).toBe(true);
  });
});

describe('a flight whose results are shared', () => {
  test('is taken for abandoned after a second, not before', async () => {
    const flight = sharingResults();
    flight.join(cancelledWork);

    await vi.advanceTimersByTimeAsync(1000);
    expect(flight.underWay).toBe(true);
    await vi.advanceTimersByTimeAsync(1);
    expect(flight.underWay).toBe(false);
  });

  test('stays under way when an older one lands that was taken for abandoned', async () => {
    const flight = sharingResults();
    const older = flight.join(work(1500).run);
    await vi.advanceTimersByTimeAsync(1100);
    const newer = flight.join(work(600).run);

    await vi.advanceTimersByTimeAsync(400);
    await older;
    expect(flight.underWay).toBe(true);
    await vi.advanceTimersByTimeAsync(200);
    await newer;
    expect(flight.underWay).toBe(false);
  });
});
