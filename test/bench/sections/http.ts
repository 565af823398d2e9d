import { flawedTokens } from '../contestants/proof.ts';
import type { World } from '../google/world.ts';
import { NO_GUARD } from '../http/app.ts';
import { frameworkFiles, loadFramework } from '../http/frameworks.ts';
import { type AppServer, startAppServer } from '../http/server.ts';
import { type LoadGenerator, startLoadGenerator } from '../load/load.ts';
import { ratio } from '../measuring/measure.ts';
import type { Row, Table } from '../measuring/results.ts';
import { median } from '../measuring/statistics.ts';
import { type Context, part, type Section } from './section.ts';

const SIZES = {
  full: { rounds: 25, milliseconds: 400 },
  quick: { rounds: 5, milliseconds: 150 },
  tiny: { rounds: 1, milliseconds: 100 },
};

const CONNECTIONS = 32;

/** Whole servers under load, each behind a guard or none; every request has the same token. */
export const http: Section = {
  name: 'http',
  async run(context) {
    const tables: Table[] = [];
    const load = startLoadGenerator();
    for (const [index, file] of frameworkFiles.entries()) {
      const onProgress = part(context, index / frameworkFiles.length, (index + 1) / frameworkFiles.length);
      tables.push(await table(file, load, context, onProgress));
    }
    load.close();
    return tables;
  },
};

/** An app, and what was measured of it: a value for each round. */
interface Measured {
  readonly guard: string;
  readonly server: AppServer;
  readonly perSecond: number[];
  readonly p99: number[];
  readonly cpu: number[];
}

async function table(
  file: string,
  load: LoadGenerator,
  context: Context,
  onProgress: (share: number) => void,
): Promise<Table> {
  const { name, guards } = await loadFramework(file);
  const apps: Measured[] = [];
  for (const guard of guards) {
    const server = await startAppServer({ file, guard, trust: context.world.trust });
    await prove(`${name} with ${guard}`, server, guard !== NO_GUARD, context.world);
    apps.push({ guard, server, perSecond: [], p99: [], cpu: [] });
  }
  await measureApps(apps, load, context, onProgress);
  for (const { server } of apps) {
    server.close();
  }
  return {
    id: `http-${file}`,
    title: `${name}: requests with the same token`,
    columns: [
      { key: 'ratio', heading: 'throughput ÷ no guard', digits: 2 },
      { key: 'cpuRatio', heading: 'CPU ÷ no guard', digits: 2 },
      { key: 'perSecond', heading: 'requests/s', digits: 0 },
      { key: 'p99', heading: 'p99, ms', digits: 1 },
      { key: 'cpu', heading: 'CPU of the server, µs', digits: 1 },
    ],
    rows: apps.map((app) => rowOf(app, apps[0] as Measured)),
    remarks: [`${CONNECTIONS} connections, from another process on the same machine.`],
    chart: { column: 'ratio', title: `${name}: throughput, as a share of that without a guard` },
  };
}

async function measureApps(
  apps: readonly Measured[],
  load: LoadGenerator,
  { scale, world }: Context,
  onProgress: (share: number) => void,
): Promise<void> {
  const { rounds, milliseconds } = SIZES[scale];
  const warmUp = Math.ceil(rounds / 3);
  const token = world.mint();
  for (let round = 0; round < warmUp + rounds; round += 1) {
    for (const { server, perSecond, p99, cpu } of apps) {
      const cpuBefore = await server.cpu();
      const result = await load.run({ port: server.port, token, connections: CONNECTIONS, milliseconds });
      const cpuTime = (await server.cpu()) - cpuBefore;
      if (round >= warmUp) {
        perSecond.push(result.requestsPerSecond);
        p99.push(result.p99);
        cpu.push(cpuTime / result.requests);
      }
    }
    onProgress((round + 1) / (warmUp + rounds));
  }
}

function rowOf({ guard, perSecond, p99, cpu }: Measured, unguarded: Measured): Row {
  return {
    name: guard,
    values: {
      ratio: ratio(perSecond, unguarded.perSecond),
      cpuRatio: ratio(cpu, unguarded.cpu),
      perSecond: median(perSecond),
      p99: median(p99),
      cpu: median(cpu),
    },
  };
}

/** @throws Error where a server refuses a good token, or answers without a guard's consent */
export async function prove(
  name: string,
  { port }: Pick<AppServer, 'port'>,
  guarded: boolean,
  world: World,
): Promise<void> {
  const statusWith = async (token: string) => {
    const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { authorization: `Bearer ${token}` } });
    await response.arrayBuffer();
    return response.status;
  };
  for (const token of [world.mint(), world.mint()]) {
    if ((await statusWith(token)) !== 200) {
      throw new Error(`${name} refuses a good token.`);
    }
  }
  for (const [flaw, token] of Object.entries(flawedTokens(world))) {
    const refused = [400, 401, 403].includes(await statusWith(token));
    if (refused !== guarded) {
      throw new Error(`${name} ${guarded ? 'does not refuse' : 'refuses'} a token with ${flaw}.`);
    }
  }
}
