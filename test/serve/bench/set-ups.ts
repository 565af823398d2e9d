import { printConfiguration } from '@id-token-guard/serve';
import { markdownTable } from '../../bench/report/markdown.ts';
import { frontServers } from '../support/front-servers.ts';
import { freePort, listening, type Running, temporaryDirectory } from '../support/processes.ts';
import { startPinnedGuard } from './pinned-guard.ts';
import { processorTime } from './processor-time.ts';
import { wrk } from './wrk.ts';

/** What everything is measured with. */
export interface World {
  /** The program of the command line. */
  readonly main: string;
  readonly keysUrl: string;
  /** The header line of a good request. */
  readonly good: string;
  readonly appPort: number;
  readonly seconds: number;
}

export interface Measured {
  readonly name: string;
  readonly requestsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Of the guard, and of the server in front, for each request. In microseconds. */
  readonly guardTime: number | undefined;
  readonly frontTime: number | undefined;
  /** Of those that had to be let in. */
  readonly refused: number;
}

/** A set-up that runs: where requests go, and the processes whose time is told. */
interface SetUp {
  readonly url: string;
  readonly lines: readonly string[];
  readonly guard?: Running;
  readonly front?: Running;
}

const SET_UPS: Readonly<Record<string, (world: World) => Promise<SetUp>>> = {
  'the guard, asked: a known token': async (world) => {
    const guard = await startPinnedGuard(world, []);
    return { url: `${guard.url}/auth`, lines: [world.good], guard };
  },
  'the guard, asked: no token': async (world) => {
    const guard = await startPinnedGuard(world, []);
    return { url: `${guard.url}/auth`, lines: [], guard };
  },
  'the guard as a proxy': async (world) => {
    const guard = await startPinnedGuard(world, ['--upstream', `http://127.0.0.1:${world.appPort}`]);
    return { url: guard.url, lines: [world.good], guard };
  },
  nginx: (world) => frontWithout('nginx', world),
  'nginx, which asks the guard': (world) => frontWith('nginx', world),
  Caddy: (world) => frontWithout('caddy', world),
  'Caddy, which asks the guard': (world) => frontWith('caddy', world),
  HAProxy: (world) => frontWithout('haproxy', world),
  'HAProxy, and the guard as a proxy': (world) => frontWith('haproxy', world),
};

export async function measureSetUps(world: World): Promise<Measured[]> {
  const all: Measured[] = [];
  for (const [name, start] of Object.entries(SET_UPS)) {
    const setUp = await start(world);
    await wrk(setUp.url, setUp.lines, 1); // Warm.
    const timesBefore = times(setUp);
    const { requests, requestsPerSecond, p50, p99, refused } = await wrk(setUp.url, setUp.lines, world.seconds);
    const [guardTime, frontTime] = times(setUp).map((time, index) => (time - (timesBefore[index] ?? 0)) / requests);
    all.push({
      name,
      requestsPerSecond,
      p50,
      p99,
      guardTime: setUp.guard && guardTime,
      frontTime: setUp.front && frontTime,
      refused,
    });
    await Promise.all([setUp.front?.stop(), setUp.guard?.stop()]);
  }
  return all;
}

function times({ guard, front }: SetUp): number[] {
  return [guard, front].map((running) => (running === undefined ? 0 : processorTime(running)));
}

export function setUpTable(all: readonly Measured[]): string {
  return markdownTable(
    ['', 'requests a second', 'median, ms', 'p99, ms', 'CPU of the guard, µs', 'CPU of the server in front, µs'],
    all.map(({ name, requestsPerSecond, p50, p99, guardTime, frontTime }) => [
      name,
      Math.round(requestsPerSecond).toLocaleString('en'),
      p50.toFixed(2),
      p99.toFixed(2),
      guardTime?.toFixed(1) ?? '–',
      frontTime?.toFixed(1) ?? '–',
    ]),
  );
}

/** In answers a second, on one core. */
const MARK = 10_000;

/** By processor time, since a machine that is busy with other things leaves wrk only a part of it. */
export function markSentence(known: Measured | undefined): string {
  const answers = Math.round(1000 / (known?.guardTime ?? Number.NaN)) * 1000;
  return `By its processor time, the guard gives ${answers.toLocaleString('en')} answers a second on one core for known tokens: the mark of ${MARK.toLocaleString('en')} is ${answers >= MARK ? 'met' : 'missed'}.`;
}

type Name = 'nginx' | 'caddy' | 'haproxy';

async function frontWith(name: Name, world: World): Promise<SetUp> {
  const kind = kindOf(name);
  const upstream = `http://127.0.0.1:${world.appPort}`;
  const guard = await startPinnedGuard(world, kind.asks ? [] : ['--upstream', upstream]);
  const port = await freePort();
  const front = kind.launch(
    printConfiguration(name, { ...guard, upstream, listen: `127.0.0.1:${port}` }),
    temporaryDirectory(),
  );
  await listening(front, port);
  return { url: `http://127.0.0.1:${port}`, lines: [world.good], guard, front };
}

/** The plainest proxy that each can be, which keeps its connections as the printed one does. */
const WITHOUT: Readonly<Record<Name, (port: number, appPort: number) => string>> = {
  nginx: (port, appPort) => `
server {
  listen 127.0.0.1:${port};
  location / {
    proxy_pass http://127.0.0.1:${appPort};
    proxy_http_version 1.1;
    proxy_set_header Connection "";
  }
}`,
  caddy: (port, appPort) => `http://127.0.0.1:${port} {\n\treverse_proxy http://127.0.0.1:${appPort}\n}`,
  haproxy: (port, appPort) => `
defaults
    mode http
    timeout connect 2s
    timeout client 60s
    timeout server 60s
frontend front
    bind 127.0.0.1:${port}
    default_backend app
backend app
    server app 127.0.0.1:${appPort}
`,
};

async function frontWithout(name: Name, { appPort, good }: World): Promise<SetUp> {
  const port = await freePort();
  const front = kindOf(name).launch(WITHOUT[name](port, appPort), temporaryDirectory());
  await listening(front, port);
  return { url: `http://127.0.0.1:${port}`, lines: [good], front };
}

function kindOf(name: Name) {
  const kind = frontServers.find((each) => each.name === name);
  if (kind === undefined) {
    throw new Error(`There is no ${name}.`);
  }
  return kind;
}
