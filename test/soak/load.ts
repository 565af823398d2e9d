/*
 * Sends requests to one service at a steady rate, whatever the answers, and judges each answer.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { exchange } from './exchange.ts';
import { allowedOutcomes } from './judge.ts';
import type { Outage } from './key-server.ts';
import type { Ledger } from './ledger.ts';
import type { Supervised } from './supervised.ts';
import { count, type Tally } from './tally.ts';
import type { Traffic, Weather } from './traffic.ts';

/** A service and all that is written down about it. */
export interface Watched {
  readonly service: Supervised;
  readonly tally: Tally;
  readonly ledger: Ledger;
  /** When the process of the service did not get to run. */
  readonly stalls: Outage[];
  violation(text: string): void;
}

export interface Load {
  readonly traffic: Traffic;
  readonly weather: Weather;
  readonly outages: readonly Outage[];
  /** When the soak itself did not get to run, and neither did its Google. */
  readonly stalls: readonly Outage[];
  readonly now: () => number;
  /** Requests a second. */
  readonly rate: number;
  isOver(): boolean;
}

/** What does not fit is left out, not kept for later: a service that waits for Google gets no wave afterwards. */
const MAX_UNDER_WAY = 48;
const LOOK_EVERY_MS = 20;

export async function sendUntilOver(watched: Watched, load: Load): Promise<void> {
  const startedAt = performance.now();
  const underWay = new Set<Promise<void>>();
  for (let due = 0; !load.isOver(); await sleep(LOOK_EVERY_MS)) {
    for (const isDue = ((performance.now() - startedAt) / 1000) * load.rate; due < isDue; due += 1) {
      if (underWay.size < MAX_UNDER_WAY) {
        const sent: Promise<void> = sendOne(watched, load).finally(() => underWay.delete(sent));
        underWay.add(sent);
      }
    }
  }
  await Promise.all(underWay);
}

async function sendOne(watched: Watched, load: Load): Promise<void> {
  const { service, tally, ledger, violation } = watched;
  const { kind, authorization, key, sub } = await load.traffic.next(load.weather);
  const { life } = service;
  if (life === undefined) {
    return; // It is being started anew.
  }
  tally.requests += 1;
  const id = `${service.name}-${tally.requests}`;
  ledger.sent(id, kind);
  const familiar = sub !== undefined && life.familiar.has(sub);
  const sentAt = load.now();
  const startedAt = performance.now();
  const result = await exchange(life.process, id, authorization);
  const answeredAt = load.now();
  if ('lost' in result) {
    ledger.answered(id, 'lost');
    tally.lost += 1;
    if (!life.isStopping) {
      violation(`A request (${kind}) was not answered: ${result.lost}.`);
    }
    return;
  }
  tally.latencies.push(performance.now() - startedAt);
  const outcome = 'outcome' in result ? result.outcome : undefined;
  ledger.answered(id, outcome === 'accepted' ? 'accepted' : 'refused');
  if (outcome === 'accepted' && sub !== undefined) {
    life.familiar.add(sub);
  }
  const request = { kind, key, sentAt, answeredAt, familiar };
  const evidence = { answers: life.answers(), outages: load.outages };
  const allowed = allowedOutcomes(request, evidence);
  const isAllowed = outcome !== undefined && allowed.has(outcome);
  count(tally, kind, outcome, isAllowed);
  if (isAllowed) {
    return;
  }
  const outages = [...load.outages, ...load.stalls, ...watched.stalls];
  if (outcome === 'keys_unavailable' && allowedOutcomes(request, { ...evidence, outages }).has(outcome)) {
    tally.stalled += 1; // The machine kept them from each other: nothing that the guard could change.
    return;
  }
  const got = 'wrong' in result ? result.wrong : result.outcome;
  violation(`${kind}: ${got} in place of ${[...allowed].join(' or ') || 'waiting for keys'}.`);
}
