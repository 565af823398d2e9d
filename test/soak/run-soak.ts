import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../commands/percentile.ts';
import { createRandom } from '../simulate-fleet/random.ts';
import { createClock } from './clock.ts';
import { createSoakGoogle, type SoakGoogle } from './google.ts';
import { keyRequestLimit } from './key-request-limit.ts';
import { type KeyServer, type Outage, startKeyServer } from './key-server.ts';
import { createLedger } from './ledger.ts';
import { sendUntilOver, type Watched } from './load.ts';
import { makeReport, type ServiceReport, type SoakReport } from './report.ts';
import { type Happening, makeSchedule, type Scheduled } from './schedule.ts';
import type { ServiceName } from './service-names.ts';
import { watchStalls } from './stalls.ts';
import { type Surroundings, supervise } from './supervised.ts';
import { createTally, heapViolations } from './tally.ts';
import { createTraffic, type Weather } from './traffic.ts';
import { createViolations, type Violations } from './violations.ts';

export interface SoakOptions {
  readonly seconds: number;
  /** Another seed: other times, other failures. */
  readonly seed: number;
  /** Requests a second, to each service. */
  readonly rate: number;
  readonly services: readonly ServiceName[];
  readonly onProgress?: (progress: SoakProgress) => void;
}

export interface SoakProgress {
  readonly seconds: number;
  readonly requests: number;
  readonly violations: number;
  /** How Google is. */
  readonly google: string;
}

/** Lets services stand good and bad requests while Google rotates, fails and recovers, and says what came of it. */
export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  const directory = await mkdtemp(join(tmpdir(), 'soak-'));
  const clockStartedAt = Date.now();
  const now = createClock(clockStartedAt);
  const google = await createSoakGoogle(now);
  const keyServer = await startKeyServer(google);
  try {
    return await soak(options, google, { keyServer, now, clockStartedAt, directory });
  } finally {
    await keyServer.close();
    await rm(directory, { recursive: true });
  }
}

async function soak(options: SoakOptions, google: SoakGoogle, surroundings: Surroundings): Promise<SoakReport> {
  const { seconds, seed, services } = options;
  const { keyServer, now } = surroundings;
  const schedule = makeSchedule(seconds, services.length, createRandom(seed));
  const traffic = await createTraffic(google, createRandom(seed + 1));
  const weather: Weather = { flood: false, leavers: false };
  let startedAt = performance.now();
  const passed = () => (performance.now() - startedAt) / 1000;
  const violations = createViolations(passed);
  const watched = await Promise.all(services.map((name) => watch(name, surroundings, violations)));

  startedAt = performance.now();
  const stalls: Outage[] = [];
  const stopWatching = watchStalls(now, (stall) => stalls.push(stall));
  const load = { traffic, weather, outages: keyServer.outages, stalls, now, rate: options.rate };
  const [played] = await Promise.all([
    play(schedule, seconds, passed, (happening) => apply(happening, watched, { google, keyServer, weather })),
    showProgress(options, passed, watched, violations, keyServer),
    ...watched.flatMap((each) => [
      sendUntilOver(each, { ...load, isOver: () => passed() >= seconds }),
      sampleHeap(each, seconds, passed),
    ]),
  ]);
  stopWatching();
  await Promise.all(watched.map(({ service }) => service.stop()));

  const reports = watched.map((each) => conclude(each, keyServer, played, seconds));
  return makeReport({ seconds, seed, violations: violations.total, examples: violations.examples }, reports);
}

async function watch(name: ServiceName, surroundings: Surroundings, violations: Violations): Promise<Watched> {
  const violation = (text: string) => violations.add(name, text);
  const ledger = createLedger(violation);
  const stalls: Outage[] = [];
  const listener = {
    handled: ledger.handled,
    stalled: (stall: Outage) => stalls.push(stall),
    fault: (text: string) => violation(`The service ${text}`),
  };
  return { service: await supervise(name, surroundings, listener), tally: createTally(), ledger, stalls, violation };
}

const MEET_OUTAGE_MS = 500;

/** @returns what happened when: later than planned where a restart took its time, and not all if the time was over */
async function play(
  schedule: readonly Scheduled[],
  seconds: number,
  passed: () => number,
  perform: (happening: Happening) => Promise<void>,
): Promise<readonly Scheduled[]> {
  const played: Scheduled[] = [];
  const performed: Promise<void>[] = [];
  let delay = 0;
  for (const { at, happening } of schedule) {
    await sleep(Math.max(0, Math.min(seconds, at + delay) - passed()) * 1000);
    if ('fail' in happening && happening.fail === undefined) {
      // What was started anew in the outage must see something of it. All else comes later by as much.
      const before = passed();
      await Promise.all(performed);
      await sleep(MEET_OUTAGE_MS);
      delay += passed() - before;
    }
    if (passed() >= seconds) {
      break;
    }
    played.push({ at: passed(), happening });
    performed.push(perform(happening));
  }
  await Promise.all(performed);
  await sleep(Math.max(0, seconds - passed()) * 1000);
  return played;
}

interface Stage {
  readonly google: SoakGoogle;
  readonly keyServer: KeyServer;
  readonly weather: Weather;
}

async function apply(happening: Happening, watched: readonly Watched[], stage: Stage): Promise<void> {
  if ('rotate' in happening) {
    await stage.google.rotate(happening.rotate);
  } else if ('fail' in happening) {
    stage.keyServer.fail(happening.fail);
  } else if ('restart' in happening) {
    await watched[happening.restart.service]?.service.restart(happening.restart.withSnapshot);
  } else {
    Object.assign(stage.weather, happening);
  }
}

/** When the service is warm, and at each quarter. */
async function sampleHeap({ service, tally }: Watched, seconds: number, passed: () => number): Promise<void> {
  for (const share of [0.08, 0.25, 0.5, 0.75, 1]) {
    await sleep(Math.max(0, share * seconds - passed()) * 1000);
    while (service.life === undefined) {
      await sleep(100);
    }
    const { number, process } = service.life;
    tally.heap.push({ life: number, at: Math.round(passed()), bytes: await process.heapUsed() });
  }
}

async function showProgress(
  { seconds, onProgress }: SoakOptions,
  passed: () => number,
  watched: readonly Watched[],
  violations: Violations,
  keyServer: KeyServer,
): Promise<void> {
  for (let isOver = false; !isOver; await sleep(500)) {
    isOver = passed() >= seconds;
    const requests = watched.reduce((sum, { tally }) => sum + tally.requests, 0);
    onProgress?.({ seconds: passed(), requests, violations: violations.total, google: keyServer.failure ?? 'well' });
  }
}

function conclude(
  { service, tally, ledger, violation }: Watched,
  keyServer: KeyServer,
  played: readonly Scheduled[],
  seconds: number,
): ServiceReport {
  const { latencies, ...counts } = tally;
  const { name, restarts } = service;
  const keyRequests = keyServer.requestsOf(name);
  const limit = keyRequestLimit(played, seconds, restarts + 1);
  ledger.close();
  heapViolations(tally.heap).map(violation);
  if (keyRequests > limit) {
    violation(`It asked Google for keys ${keyRequests} times, and may ask ${limit} times.`);
  }
  return {
    ...counts,
    name,
    restarts,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    keyRequests,
    keyRequestLimit: limit,
  };
}
