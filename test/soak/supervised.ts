/*
 * A service that is started, stopped and started anew while the soak goes on.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KeySetSnapshot } from '@id-token-guard/core';
import type { KeyAnswer, KeyServer } from './key-server.ts';
import type { ServiceName } from './service-names.ts';
import { type ServiceListener, type ServiceProcess, startService } from './service-process.ts';

/** A service from one start to the next. */
interface Life {
  readonly number: number;
  readonly process: ServiceProcess;
  /** The keys that it was given since it started, those that it started with among them. */
  answers(): readonly KeyAnswer[];
  /** Whom it has accepted. */
  readonly familiar: Set<string>;
  isStopping: boolean;
}

export interface Supervised {
  readonly name: ServiceName;
  /** `undefined` while it is being started. */
  readonly life: Life | undefined;
  readonly restarts: number;
  restart(withSnapshot: boolean): Promise<void>;
  stop(): Promise<void>;
}

export interface Surroundings {
  readonly keyServer: KeyServer;
  readonly now: () => number;
  readonly clockStartedAt: number;
  /** A folder for snapshots. */
  readonly directory: string;
}

export async function supervise(
  name: ServiceName,
  { keyServer, now, clockStartedAt, directory }: Surroundings,
  listener: ServiceListener,
): Promise<Supervised> {
  const snapshotTo = join(directory, `${name}.json`);
  let number = 0;
  let life: Life | undefined;
  await start(false);

  return {
    name,
    get life() {
      return life;
    },
    get restarts() {
      return number - 1;
    },
    async restart(withSnapshot) {
      await stop();
      await start(withSnapshot);
    },
    stop,
  };

  async function stop(): Promise<void> {
    if (life === undefined) {
      return;
    }
    life.isStopping = true;
    const { process } = life;
    life = undefined;
    await process.stop();
  }

  async function start(withSnapshot: boolean): Promise<void> {
    const startedAt = now();
    const snapshot = withSnapshot ? readSnapshot(snapshotTo) : undefined;
    const process = await startService(
      {
        name,
        jwksUrl: keyServer.urlOf(name),
        clockStartedAt,
        snapshotFrom: snapshot && snapshotTo,
        snapshotTo,
      },
      listener,
    );
    number += 1;
    const seed: KeyAnswer[] = snapshot === undefined ? [] : [snapshot];
    life = {
      number,
      process,
      answers: () => [...seed, ...keyServer.answersTo(name).filter(({ at }) => at >= startedAt)],
      familiar: new Set(),
      isStopping: false,
    };
  }
}

/** A service that never had keys has written none. */
function readSnapshot(path: string): KeyAnswer | undefined {
  try {
    const { fetchedAt, keys } = JSON.parse(readFileSync(path, 'utf8')) as KeySetSnapshot;
    return { at: fetchedAt, kids: new Set(keys.map(({ kid }) => kid)) };
  } catch {
    return undefined;
  }
}
